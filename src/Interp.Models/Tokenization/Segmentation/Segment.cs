namespace Interp.Models.Tokenization.Segmentation;

/// <summary>A token found in a piece of text.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">Its first UTF-16 unit in the piece.</param>
/// <param name="End">The unit behind it.</param>
internal readonly record struct Segment(int Id, int Start, int End);
