namespace Interp.Analysis.Capacity.Packing;

/// <summary>One packing: k unit vectors of width d and the largest |cosine| among them.</summary>
/// <param name="Count">k.</param>
/// <param name="Dimension">d.</param>
/// <param name="Epsilon">The largest |cosine|.</param>
public sealed record PackingCell(int Count, int Dimension, double Epsilon);
