namespace Interp.Analysis.Capacity;

/// <summary>A row and the other row of largest cosine with it.</summary>
/// <param name="First">The row of smaller number.</param>
/// <param name="Second">The other row.</param>
/// <param name="Cosine">Their cosine.</param>
/// <param name="FirstText">The first row's token, where a tokenizer is known.</param>
/// <param name="SecondText">The second row's token, where a tokenizer is known.</param>
public sealed record ClosePair(int First, int Second, double Cosine, string? FirstText, string? SecondText);
