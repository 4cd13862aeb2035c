using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Compute.Kernels.Floats;

/// <summary>
/// The exponential function in single precision, sixteen at a time: 2ⁿ·e^r with |r| ≤ ½ ln 2 and a polynomial of degree 6 for e^r
/// (the coefficients of the Cephes library's expf, S. Moshier). Within 2 units in the last place; 0 below −87.3 and ∞ above 88.3.
/// </summary>
internal static class FloatExp
{
    private const float Highest = 88.37626f;
    private const float Lowest = -87.33654f;

    /// <summary>e to the power of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var clamped = Vector512.Min(Vector512.Max(x, Vector512.Create(Lowest)), Vector512.Create(Highest));
        var n = Vector512.Round(clamped * Vector512.Create(1.44269504f));
        var r = clamped - (n * Vector512.Create(0.693359375f));
        r -= n * Vector512.Create(-2.12194440e-4f);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        var power = Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23).AsSingle();
        var result = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Lowest)), Vector512<float>.Zero, p * power);

        result = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Highest)), Vector512.Create(float.PositiveInfinity), result);

        // What is no number stays none.
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), result, x);
    }
}
