using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks;

/// <summary>One kernel on one input: what it makes, and what plain loops in float64 make of the same input.</summary>
/// <param name="Kernel">The kernel's class and method.</param>
/// <param name="Input">The kind of input: empty, tiny, odd, random, large.</param>
/// <param name="Tolerance">The largest difference allowed, as a share of the largest expected number (at least of 1).</param>
/// <param name="Run">Runs the kernel on a lane.</param>
internal sealed record KernelCheck(string Kernel, string Input, double Tolerance, Func<KernelLane, (double[] Made, double[] Expected)> Run)
{
    /// <summary>The largest difference, as a share; NaN where one of both is not a number and the other is; infinite where there are more or fewer numbers.</summary>
    public double Error(KernelLane lane)
    {
        var (made, expected) = Run(lane);
        if (made.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }

        var largest = 0.0;
        var scale = 1.0;
        for (var i = 0; i < made.Length; i++)
        {
            scale = double.IsFinite(expected[i]) ? Math.Max(scale, Math.Abs(expected[i])) : scale;
            var isSame = made[i].Equals(expected[i]);
            var difference = isSame ? 0 : Math.Abs(made[i] - expected[i]);
            if (double.IsNaN(difference))
            {
                return double.NaN;
            }

            largest = Math.Max(largest, difference);
        }

        return largest / scale;
    }
}
