using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>
/// LayerNorm (arXiv 1607.06450) and RMSNorm (arXiv 1910.07467) over the last axis, with the divisor that was used and, where asked
/// for, the value before weight and bias. One pass over each row where the plain operations take eight.
/// </summary>
public static class RowNorm
{
    /// <summary>Normalises every row.</summary>
    /// <param name="value">[…, d], floating point; statistics are taken in its own precision.</param>
    /// <param name="settings">Which norm.</param>
    /// <param name="weight">[d], or null.</param>
    /// <param name="bias">[d], or null.</param>
    /// <param name="scale">[…, 1], a divisor to use in place of the rows' own, or null.</param>
    /// <returns>Tensors in the present dispose scope. The same values come out whatever is asked for beside them.</returns>
    public static NormedRows Apply(Tensor value, NormSettings settings, Tensor? weight, Tensor? bias, Tensor? scale = null)
    {
        var isPlain = FloatMemory.IsPlain(value) && FloatMemory.IsPlainOrAbsent(weight) && FloatMemory.IsPlainOrAbsent(bias) && FloatMemory.IsPlainOrAbsent(scale);
        return isPlain ? CpuRowNorm.Apply(value, settings, weight, bias, scale) : ReferenceRowNorm.Apply(value, settings, weight, bias, scale);
    }
}
