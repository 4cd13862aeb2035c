namespace Interp.Analysis.Capacity;

/// <summary>Another row and its cosine.</summary>
/// <param name="Row">The row's number.</param>
/// <param name="Text">Its token, where a tokenizer is known.</param>
/// <param name="Cosine">The cosine, from products in float64.</param>
public sealed record RowNeighbour(int Row, string? Text, double Cosine);
