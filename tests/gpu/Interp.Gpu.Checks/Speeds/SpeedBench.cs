using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>What a work is timed with.</summary>
/// <param name="Lane">Where it runs.</param>
/// <param name="Median">The median time of one call in milliseconds, of so many repeats.</param>
/// <param name="Multiply">C [m, n] = A [m, k] · B [n, k]ᵀ of bfloat16; C float32 where it is wide. Does not wait.</param>
/// <param name="Table">Where rows go.</param>
internal sealed record SpeedBench(KernelLane Lane, Func<Action, int, double> Median, Multiplication Multiply, CheckTable Table)
{
    /// <summary>The median of fifteen repeats.</summary>
    public double Time(Action work) => Median(work, 15);
}

/// <summary>A product of matrices at addresses; see <see cref="CuBlas.Multiply"/>.</summary>
internal delegate void Multiplication(nint a, nint b, nint c, int m, int n, int k, bool isWide);
