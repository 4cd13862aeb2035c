using Interp.Compute.Kernels.Elements;

namespace Interp.Gpu.Checks;

/// <summary>Numbers in the types that kernels read.</summary>
internal static class Typed
{
    /// <summary>Numbers rounded to a type.</summary>
    public static T[] Of<T>(float[] values)
        where T : unmanaged, IElement<T> => Array.ConvertAll(values, value => default(T).Of(value));

    /// <summary>The numbers of a type, widened.</summary>
    public static float[] Wide<T>(T[] values)
        where T : unmanaged, IElement<T> => Array.ConvertAll(values, value => value.ToSingle());

    /// <summary>The numbers of a type, widened to float64.</summary>
    public static double[] Doubles<T>(T[] values)
        where T : unmanaged, IReal => Array.ConvertAll(values, value => value.ToDouble());

    /// <summary>Half of a type's last place, as a share of the number, beyond float32: what writing a result in it may cost.</summary>
    public static double HalfPlace<T>() => typeof(T) == typeof(Bfloat16) ? 1.0 / 256 : typeof(T) == typeof(Float16) ? 1.0 / 2048 : 0;
}
