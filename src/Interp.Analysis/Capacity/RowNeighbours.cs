namespace Interp.Analysis.Capacity;

/// <summary>The rows nearest to and farthest from one row by cosine.</summary>
/// <param name="Row">The row.</param>
/// <param name="Text">Its token, where a tokenizer is known.</param>
/// <param name="Nearest">Other rows, largest cosine first.</param>
/// <param name="Farthest">Other rows, smallest cosine first.</param>
public sealed record RowNeighbours(int Row, string? Text, IReadOnlyList<RowNeighbour> Nearest, IReadOnlyList<RowNeighbour> Farthest);
