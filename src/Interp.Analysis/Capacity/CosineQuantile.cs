namespace Interp.Analysis.Capacity;

/// <summary>The cosine below which a share of the pairs lies.</summary>
/// <param name="Share">The share, 0–1.</param>
/// <param name="Cosine">The cosine.</param>
public sealed record CosineQuantile(double Share, double Cosine);
