namespace Interp.Compute.Kernels.Cosines;

/// <summary>The cosines of one group of rows and of all rows without it.</summary>
/// <param name="Rows">The group's rows that have a direction.</param>
/// <param name="Within">Of all pairs inside the group; null for fewer than two rows.</param>
/// <param name="Without">Of all pairs outside the group; null for fewer than two rows.</param>
public sealed record GroupMoments(long Rows, CosineMoments? Within, CosineMoments? Without);
