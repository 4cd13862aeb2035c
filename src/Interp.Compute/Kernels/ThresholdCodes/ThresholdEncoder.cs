using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Rows;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>
/// The encoder's product, thresholds and compaction in one: z = x·W_encᵀ + b, of which only the entries above θ − ε/2 are kept. The
/// matrix of pre-activations is never stored.
/// </summary>
public static class ThresholdEncoder
{
    /// <summary>Finds the entries with z &gt; θ (active) and those with |z − θ| &lt; ε/2 (window).</summary>
    /// <param name="x">Inputs as the encoder sees them <c>[B, d]</c>; of bfloat16 and float16 the product is taken in float32.</param>
    /// <param name="encoder">Encoder rows <c>[N, d]</c>.</param>
    /// <param name="bias"><c>[N]</c>.</param>
    /// <param name="thresholds">θ <c>[N]</c>.</param>
    /// <param name="bandwidth">ε; 0 for no window.</param>
    /// <param name="codes">Receives the entries.</param>
    /// <param name="most">Gives up when there are more entries than this.</param>
    /// <param name="backend">Which version.</param>
    /// <returns>Whether all entries were found; false when there are more than <paramref name="most"/>, and then the codes are of no use.</returns>
    /// <exception cref="ShapeMismatchException">The sizes do not belong together.</exception>
    public static bool Encode(
        Tensor x, Tensor encoder, Tensor bias, Tensor thresholds, double bandwidth, SparseCodes codes, long most = long.MaxValue, KernelBackend backend = KernelBackend.Auto)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentNullException.ThrowIfNull(thresholds);
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentOutOfRangeException.ThrowIfNegative(bandwidth);
        Shapes.Require("x", "[B, d]", x, x.shape[0], x.shape[^1]);
        Shapes.Require("the encoder", "[N, d]", encoder, encoder.shape[0], x.shape[^1]);
        Shapes.Require("the encoder's bias", "[N]", bias, encoder.shape[0]);
        Shapes.Require("the thresholds", "[N]", thresholds, encoder.shape[0]);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var choice = KernelChoice.For(backend, x);
        (x, encoder, bias, thresholds) = (Widening.Of(x), Widening.Of(encoder), Widening.Of(bias), Widening.Of(thresholds));
        codes.Begin((int)x.shape[0], (int)encoder.shape[0], x.dtype);
        return choice switch
        {
            KernelBackend.Reference => ReferenceThresholdEncoder.Encode(x, encoder, bias, thresholds, bandwidth, codes, most),
            KernelBackend.Gpu => GpuThresholdEncoder.Encode(x, encoder, bias, thresholds, bandwidth, codes, most),
            _ => x.dtype == ScalarType.Float64
                ? CpuThresholdEncoder.Encode<double>(x, encoder, bias, thresholds, bandwidth, codes, most)
                : CpuThresholdEncoder.Encode<float>(x, encoder, bias, thresholds, bandwidth, codes, most),
        };
    }
}
