using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Elements;

/// <summary>Torch's types beside those that kernels read.</summary>
internal static class ElementTypes
{
    private static readonly (Type Element, ScalarType Scalar)[] s_pairs =
    [
        (typeof(Float32), ScalarType.Float32), (typeof(Bfloat16), ScalarType.BFloat16), (typeof(Float16), ScalarType.Float16), (typeof(Float64), ScalarType.Float64),
        (typeof(Float32Pair), ScalarType.Float32), (typeof(Bfloat16Pair), ScalarType.BFloat16), (typeof(Float16Pair), ScalarType.Float16),
        (typeof(float), ScalarType.Float32), (typeof(double), ScalarType.Float64), (typeof(int), ScalarType.Int32), (typeof(long), ScalarType.Int64),
    ];

    /// <summary>Whether a type is float16 or bfloat16, whose sums are taken in float32.</summary>
    public static bool IsReduced(ScalarType type) => type is ScalarType.BFloat16 or ScalarType.Float16;

    /// <summary>The type in which kernels that take at most 32 bits read a tensor: its own where it has one, else float32.</summary>
    public static ScalarType Readable(ScalarType type) => IsReduced(type) ? type : ScalarType.Float32;

    /// <summary>The type in which kernels in float64 read a tensor.</summary>
    public static ScalarType ReadableReal(ScalarType type) => IsReduced(type) || type == ScalarType.Float32 ? type : ScalarType.Float64;

    /// <summary>Torch's type for a kernel's.</summary>
    public static ScalarType ScalarOf(Type element) => s_pairs.First(pair => pair.Element == element).Scalar;
}
