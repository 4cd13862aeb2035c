using Interp.Compute.Kernels.Elements;

namespace Interp.Gpu.Checks;

/// <summary>Numbers in the types that kernels in float64 read.</summary>
internal static class Reals
{
    /// <summary>Numbers rounded to a type.</summary>
    public static T[] Of<T>(double[] values)
        where T : unmanaged, IReal => typeof(T) == typeof(Float64)
        ? (T[])(object)Array.ConvertAll(values, value => new Float64(value))
        : typeof(T) == typeof(Bfloat16) ? Cast<Bfloat16, T>(values) : typeof(T) == typeof(Float16) ? Cast<Float16, T>(values) : Cast<Float32, T>(values);

    private static TTo[] Cast<TFrom, TTo>(double[] values)
        where TFrom : unmanaged, IElement<TFrom> => (TTo[])(object)Array.ConvertAll(values, value => default(TFrom).Of((float)value));
}
