namespace Interp.Analysis.Circles.Fourier;

/// <summary>The centred embedding of the numbers on the plane of one frequency.</summary>
/// <param name="Frequency">k.</param>
/// <param name="X">First coordinate of 0 … p − 1.</param>
/// <param name="Y">Second coordinate; zeros at the Nyquist frequency, which has one direction.</param>
/// <param name="VarianceShare">The share of the embedding's variance that lies in the plane, 0–1.</param>
public sealed record CirclePlane(int Frequency, double[] X, double[] Y, double VarianceShare);
