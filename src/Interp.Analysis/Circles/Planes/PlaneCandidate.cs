namespace Interp.Analysis.Circles.Planes;

/// <summary>A plane to be judged, in the coordinates of the leading principal components.</summary>
/// <param name="Kind">How it was chosen.</param>
/// <param name="Components">The two components, or none for a plane of a frequency.</param>
/// <param name="Frequency">The frequency it was chosen for, or null.</param>
/// <param name="Axes">Two orthonormal rows <c>[2, K]</c>.</param>
/// <param name="ReadableR2">For a frequency's plane, the share of its circle that all K components explain; else null.</param>
internal sealed record PlaneCandidate(PlaneKind Kind, int[] Components, int? Frequency, double[,] Axes, double? ReadableR2);
