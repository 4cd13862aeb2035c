namespace Interp.Analysis.Memories.Scaling;

/// <summary>One scheme over the widths.</summary>
/// <param name="Scheme">How keys are stored.</param>
/// <param name="Points">The widths.</param>
/// <param name="Slope">The slope of ln error on ln d; null of fewer than two widths with an error.</param>
/// <param name="LawSlope">The exponent of the law for random embeddings; null where there is none.</param>
public sealed record ScalingCurve(StorageScheme Scheme, IReadOnlyList<ScalingPoint> Points, LineFit? Slope, double? LawSlope);
