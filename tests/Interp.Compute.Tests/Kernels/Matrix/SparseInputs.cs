using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>A dictionary and a batch of a type, and its codes in float64.</summary>
internal sealed class SparseInputs
{
    // Farther from a threshold or a window's edge than sums in float32 can move a pre-activation.
    private const double Gap = 1e-4;

    public SparseInputs(ScalarType type, InputKind kind, double bandwidth)
    {
        var (rows, width, latents) = kind switch
        {
            InputKind.Empty => (0, 5, 7),
            InputKind.Tiny => (1, 1, 1),
            InputKind.Odd => (9, 7, 33),
            InputKind.Random => (40, 24, 96),
            _ => (131, 65, 515),
        };
        using var generator = new Generator(11, CPU);
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        var decoder = Normal(latents, width);
        (X, Encoder, Decoder) = (Normal(rows, width).to(type), (Normal(latents, width) / Math.Sqrt(width)).to(type), (decoder / decoder.norm(1, keepdim: true)).to(type));
        (Upstream, Bias, DecoderBias) = (Normal(rows, width).to(type), (Normal(latents) * 0.2).to(ScalarType.Float32), Normal(width).to(ScalarType.Float32));
        Revived = Normal(latents).gt(0.5).to(ScalarType.Float32);
        var z = X.to(ScalarType.Float64).matmul(Encoder.to(ScalarType.Float64).t()) + Bias;
        var theta = Normal(latents).abs() + 0.1;
        for (var attempt = 0; attempt < 1000 && rows > 0; attempt++)
        {
            var over = (z - theta.to(ScalarType.Float32)).abs();
            var isNear = over.lt(Gap).logical_or((over - (bandwidth / 2)).abs().lt(Gap)).any(0);
            if (!isNear.any().item<bool>())
            {
                break;
            }

            theta += isNear.to(ScalarType.Float64) * 0.0137;
        }

        Thresholds = theta.to(ScalarType.Float32);
        Active = (z - Thresholds).gt(0).to(ScalarType.Float64);
        Window = (z - Thresholds).abs().lt(bandwidth / 2).to(ScalarType.Float64);
        Codes = z * Active;
    }

    public Tensor X { get; }

    public Tensor Encoder { get; }

    public Tensor Bias { get; }

    public Tensor Thresholds { get; }

    public Tensor Decoder { get; }

    public Tensor DecoderBias { get; }

    public Tensor Upstream { get; }

    public Tensor Revived { get; }

    /// <summary>1 where z &gt; θ.</summary>
    public Tensor Active { get; }

    /// <summary>1 where |z − θ| &lt; ε/2.</summary>
    public Tensor Window { get; }

    /// <summary>z where active, else 0.</summary>
    public Tensor Codes { get; }
}
