namespace Interp.Analysis.Geometry;

/// <summary>The clouds of a model at one time of its training, or a tensor.</summary>
/// <param name="Step">The training step, or null.</param>
/// <param name="Open">Makes the clouds, owned by the caller; called once.</param>
public sealed record CloudSet(int? Step, Func<IReadOnlyList<Cloud>> Open);
