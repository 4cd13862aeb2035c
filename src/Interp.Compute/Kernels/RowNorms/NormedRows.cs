using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>Normalised rows.</summary>
/// <param name="Output">[…, d], with weight and bias.</param>
/// <param name="Scale">[…, 1], the divisor √(mean square + ε), or the one that was given.</param>
/// <param name="Normalized">[…, d], before weight and bias; null where it was not asked for.</param>
public sealed record NormedRows(Tensor Output, Tensor Scale, Tensor? Normalized);
