using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>The definition in torch's operations: any device and dtype, recorded by autograd where that is on.</summary>
internal static class ReferenceRowNorm
{
    /// <summary>See <see cref="RowNorm.Apply"/>.</summary>
    public static NormedRows Apply(Tensor value, NormSettings settings, Tensor? weight, Tensor? bias, Tensor? scale)
    {
        using var scope = NewDisposeScope();
        var centred = settings.IsCentred ? value - value.mean([-1], keepdim: true) : value;
        var divisor = scale ?? centred.square().mean([-1], keepdim: true).add(settings.Epsilon).sqrt();
        var normalized = centred / divisor;
        var output = weight is null ? normalized : normalized * weight;
        output = bias is null ? output : output + bias;
        return new NormedRows(
            (ReferenceEquals(output, normalized) ? output.alias() : output).MoveToOuterDisposeScope(),
            (scale is null ? divisor : scale.alias()).MoveToOuterDisposeScope(),
            settings.KeepsNormalized ? normalized.MoveToOuterDisposeScope() : null);
    }
}
