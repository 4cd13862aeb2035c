using System.Globalization;
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

    /// <summary>Adds a kernel's time beside that of the torch operations that it would replace, with the limit 1 where those were timed.</summary>
    /// <param name="name">The work.</param>
    /// <param name="baseline">Torch's time's name.</param>
    /// <param name="bytes">Bytes that have to be moved at least; 0 where they are not what takes the time.</param>
    /// <param name="copyRate">The card's, in bytes a second.</param>
    /// <param name="work">The launches.</param>
    public void Row(string name, string baseline, long bytes, double copyRate, Action work)
    {
        var time = Time(work);
        var torch = Table.Baselines?[baseline] ?? double.NaN;
        var share = bytes == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{bytes / copyRate * 1e3 / time:P0} of the copy rate");
        Table.Add(new SpeedRow(name, time, share, double.IsNaN(torch) ? "" : "torch operations", time / torch, double.IsNaN(torch) ? double.NaN : 1));
    }
}

/// <summary>A product of matrices at addresses; see <see cref="CuBlas.Multiply"/>.</summary>
internal delegate void Multiplication(nint a, nint b, nint c, int m, int n, int k, bool isWide);
