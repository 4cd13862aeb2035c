using ILGPU;

namespace Interp.Compute.Kernels.Floats;

/// <summary>The exponential function for GPU kernels, by the same polynomial as <see cref="FloatExp"/>.</summary>
internal static class GpuExp
{
    /// <summary>e to the power of x; 0 below −87.3 and ∞ above 88.3.</summary>
    public static float Of(float x)
    {
        if (x < -87.33654f)
        {
            return 0;
        }

        if (x > 88.37626f)
        {
            return float.PositiveInfinity;
        }

        if (float.IsNaN(x))
        {
            return x;
        }

        var scaled = x * 1.44269504f;
        var n = (int)(scaled >= 0 ? scaled + 0.5f : scaled - 0.5f);
        var r = (x - (n * 0.693359375f)) + (n * 2.12194440e-4f);
        var p = 1.9875691500e-4f;
        p = (p * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;
        p = (p * r * r) + r + 1;
        return p * Interop.IntAsFloat((uint)((n + 127) << 23));
    }
}
