using Interp.Compute.Kernels;
using Interp.Gpu.Checks;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>A kernel's entry on every kind of input: what a version makes, and what plain operations in float64 make of the same rounded inputs.</summary>
/// <param name="Name">The entry.</param>
/// <param name="Kernels">The classes of the GPU kernels behind it.</param>
/// <param name="Types">The types of its inputs.</param>
internal abstract record MatrixEntry(string Name, Type[] Kernels, ScalarType[] Types)
{
    /// <summary>The types that kernels with sums in float32 take.</summary>
    protected static readonly ScalarType[] Elements = [ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    /// <summary>The largest difference from float64, as a share of the largest expected number.</summary>
    public virtual double Tolerance(ScalarType type) => 2e-5;

    /// <summary>What a version makes.</summary>
    public abstract Outcome Made(KernelBackend backend, ScalarType type, InputKind kind);

    /// <summary>What it should make; for a refusal its line.</summary>
    public abstract Outcome Expected(ScalarType type, InputKind kind);

    /// <summary>Rows, width and latents of a kind; even, as kernels that read pairs need them, where asked.</summary>
    protected static (int Rows, int Width, int Latents) Size(InputKind kind) => kind switch
    {
        InputKind.Empty => (0, 6, 8),
        InputKind.Tiny => (1, 2, 2),
        InputKind.Odd => (9, 14, 34),
        InputKind.Random => (40, 24, 96),
        _ => (131, 66, 514),
    };

    /// <summary>Half of a type's last place, as a share.</summary>
    protected static double HalfPlace(ScalarType type) => type == ScalarType.BFloat16 ? 1.0 / 256 : type == ScalarType.Float16 ? 1.0 / 2048 : 0;

    /// <summary>Normal numbers of a type, the same for the same seed.</summary>
    protected static Tensor Normal(int seed, ScalarType type, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, ScalarType.Float64, generator: generator).to(type);
    }

    /// <summary>Float64.</summary>
    protected static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);
}
