using static TorchSharp.torch;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>The definition in torch operations: the whole matrix of pre-activations, two comparisons, and the places where either holds.</summary>
internal static class ReferenceThresholdEncoder
{
    /// <inheritdoc cref="ThresholdEncoder.Encode"/>
    public static bool Encode(Tensor x, Tensor encoder, Tensor bias, Tensor thresholds, double bandwidth, SparseCodes codes, long most)
    {
        if (codes.Rows == 0 || codes.Latents == 0)
        {
            CodeFilling.Fill<float>(codes, [], []);
            return true;
        }

        using var scope = NewDisposeScope();
        var z = addmm(bias, x, encoder.t(), 1, 1); // [B, N]
        var over = z - thresholds;
        var flags = over.le(0).logical_not().to(ScalarType.Int32) + (over.abs().lt(bandwidth / 2).to(ScalarType.Int32) * CodeTile.Window);
        if (flags.count_nonzero().item<long>() > most)
        {
            return false;
        }

        if (x.dtype == ScalarType.Float64)
        {
            CodeFilling.Fill(codes, flags.cpu().data<int>().ToArray(), z.cpu().data<double>().ToArray());
        }
        else
        {
            CodeFilling.Fill(codes, flags.cpu().data<int>().ToArray(), z.cpu().data<float>().ToArray());
        }

        return true;
    }
}
