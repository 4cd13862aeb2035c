namespace Interp.Analysis.Circles.Irreps;

/// <summary>An irreducible representation, or two that are each other's complex conjugates taken together.</summary>
/// <param name="Name">A partition, a frequency, or a word.</param>
/// <param name="Dimension">The dimension of one of them.</param>
/// <param name="Kernel">d·χ(g)/|G| by element, summed over the two where there are two.</param>
internal sealed record Irrep(string Name, int Dimension, double[] Kernel);
