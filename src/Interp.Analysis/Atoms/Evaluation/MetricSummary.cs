using Interp.Analysis.Atoms.Geometry;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>The atomic inner product that was used.</summary>
/// <param name="Samples">The activations behind it.</param>
/// <param name="SamplesPerDimension">The same over the width.</param>
/// <param name="Centring">About what the second moment was taken.</param>
/// <param name="Ridge">λ, as a share of the mean variance.</param>
/// <param name="Condition">How unequal the directions of C are; large values make cosines depend on λ.</param>
public sealed record MetricSummary(long Samples, double SamplesPerDimension, MetricCentring Centring, double Ridge, double Condition);
