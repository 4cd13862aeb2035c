using Interp.Compute.Kernels;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.MaskedSoftmaxes;
using Interp.Compute.Kernels.RowNorms;
using Interp.Compute.Kernels.SigmoidGates;
using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>Norms of rows. The versions in float32 take reduced inputs widened; the GPU kernels take them as they are and round what they write.</summary>
internal sealed record RowNormEntry() : MatrixEntry("RowNorm", [typeof(RowNormKernels)], Elements)
{
    private static readonly NormSettings s_settings = new(true, 1e-5, KeepsNormalized: true);

    public override double Tolerance(ScalarType type) => 4e-6 + HalfPlace(type);

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var (x, weight, bias) = Inputs(type, kind);
        var made = backend == KernelBackend.Gpu ? GpuRowNorm.Apply(x, s_settings, weight, bias, null)
            : backend == KernelBackend.Cpu ? RowNorm.Apply(Widening.Of(x), s_settings, weight, bias) : ReferenceRowNorm.Apply(Widening.Of(x), s_settings, weight, bias, null);
        return Outcome.Of(made.Output, made.Scale, made.Normalized!);
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var (x, weight, bias) = Inputs(type, kind);
        var centred = Wide(x) - Wide(x).mean([-1L], keepdim: true);
        var scale = (centred.square().mean([-1L], keepdim: true) + 1e-5).sqrt();
        return Outcome.Of((centred / scale * weight) + bias, scale, centred / scale);
    }

    private static (Tensor X, Tensor Weight, Tensor Bias) Inputs(ScalarType type, InputKind kind)
    {
        var (rows, width, _) = Size(kind);
        return ((Normal(1, ScalarType.Float64, rows, width) * 3 + 2).to(type), Normal(2, ScalarType.Float32, width), Normal(3, ScalarType.Float32, width));
    }
}

/// <summary>SiLU of one branch times another.</summary>
internal sealed record SigmoidGateEntry() : MatrixEntry("SigmoidGate", [typeof(SigmoidGateKernels)], Elements)
{
    public override double Tolerance(ScalarType type) => 1e-6 + HalfPlace(type);

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var (x, factor) = Inputs(type, kind);
        return Outcome.Of(backend == KernelBackend.Gpu ? GpuSigmoidGate.Apply(x, factor, 1, 0)
            : backend == KernelBackend.Cpu ? SigmoidGate.Silu(Widening.Of(x), Widening.Of(factor)) : ReferenceSigmoidGate.Silu(Widening.Of(x), Widening.Of(factor)));
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var (x, factor) = Inputs(type, kind);
        return Outcome.Of(Wide(x) / (1 + (-Wide(x)).exp()) * Wide(factor));
    }

    private static (Tensor X, Tensor Factor) Inputs(ScalarType type, InputKind kind)
    {
        var (rows, width, _) = Size(kind);
        return ((Normal(4, ScalarType.Float64, rows, width) * 4).to(type), Normal(5, type, rows, width));
    }
}

/// <summary>Attention patterns of scores with a causal mask, and without any score.</summary>
internal sealed record MaskedSoftmaxEntry() : MatrixEntry("MaskedSoftmax", [typeof(MaskedSoftmaxKernels)], Elements)
{
    private const double Scale = 0.5;

    public override double Tolerance(ScalarType type) => 2e-6 + HalfPlace(type);

    public override Outcome Made(KernelBackend backend, ScalarType type, InputKind kind)
    {
        var (scores, mask) = Inputs(type, kind);

        // Finished scores are rounded before the pattern is taken: by powers of two and nothing added they stay what they are.
        var pattern = (backend == KernelBackend.Gpu ? GpuMaskedSoftmax.Apply(scores, Scale, mask)
            : backend == KernelBackend.Cpu ? MaskedSoftmax.Apply(Widening.Of(scores).clone(), Scale, mask) : ReferenceMaskedSoftmax.Apply(Widening.Of(scores), Scale, mask)).Pattern;
        return Outcome.Of(pattern);
    }

    public override Outcome Expected(ScalarType type, InputKind kind)
    {
        var (scores, mask) = Inputs(type, kind);
        return Outcome.Of(kind == InputKind.Empty ? zeros(scores.shape) : ((Wide(scores) * Scale) + mask).softmax(-1));
    }

    private static (Tensor Scores, Tensor Mask) Inputs(ScalarType type, InputKind kind)
    {
        var (queries, keys, _) = Size(kind);
        var mask = zeros(1, 1, queries, keys).masked_fill(ones(queries, keys, dtype: ScalarType.Bool).triu(1), double.NegativeInfinity);
        return (Normal(6, type, 1, 2, queries, keys) * 4, mask);
    }
}
