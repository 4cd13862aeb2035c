namespace Interp.Analysis.Geometry;

/// <summary>A dimension at a scale.</summary>
/// <param name="Scale">Neighbours, or rows.</param>
/// <param name="Dimension">The estimate.</param>
public sealed record ScaledDimension(int Scale, double Dimension);
