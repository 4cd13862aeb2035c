using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Drives the kernels of <see cref="CosineKernels"/> on the rows' GPU, or without one on ILGPU's accelerator for the CPU: each tile is multiplied and counted there.</summary>
internal sealed class GpuCosinePass : ICosinePass, IDisposable
{
    private readonly UnitRows _rows;
    private readonly CosineTally _tally;
    private readonly KernelLane _lane;
    private readonly IKernelView _values;
    private readonly KernelView<int> _counts;
    private readonly KernelView<long> _totals;
    private readonly KernelView<ulong> _best;

    public GpuCosinePass(UnitRows rows, CosineTally tally)
    {
        _rows = rows;
        _tally = tally;
        _lane = KernelLane.For(rows.Values);
        _values = _lane.Elements(rows.Values);
        _counts = _lane.Zeros<int>(tally.Counts.Length);
        _totals = _lane.Copy(new long[] { 0, 0, CosineKernels.Order(float.PositiveInfinity) });
        _best = _lane.Zeros<ulong>(rows.Count);
    }

    /// <inheritdoc/>
    public void Tile(int first, int second)
    {
        var tile = new CosineTile
        {
            First = first,
            Second = second,
            Height = Math.Min(_tally.TileRows, _rows.Count - first),
            Width = Math.Min(_tally.TileRows, _rows.Count - second),
            Dimension = _rows.Dimension,
            Threshold = (float)_tally.Threshold,
        };
        _lane.Launch(typeof(CosineKernels), nameof(CosineKernels.CountTile), (long)tile.Height * tile.Width, _values, _counts, _totals, _best, tile);
        DrainCounts();
    }

    /// <inheritdoc/>
    public void Finish()
    {
        var totals = _lane.Read(_totals);
        _tally.Above = totals[CosineKernels.Above];
        _tally.MagnitudeAbove = totals[CosineKernels.MagnitudeAbove];
        _tally.Minimum = CosineKernels.Unorder((uint)totals[CosineKernels.Minimum]);
        var best = _lane.Read(_best);
        for (var row = 0; row < best.Length; row++)
        {
            _tally.Offer(row, CosineKernels.Unorder((uint)(best[row] >> 32)), (int)(uint.MaxValue - (uint)best[row]));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lane.Dispose();

    /// <summary>The kernel's counters are 32 bits wide, so every tile's counts are taken out.</summary>
    private void DrainCounts()
    {
        var counts = _lane.Read(_counts);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            _tally.Counts[bin] += counts[bin];
        }

        _lane.Clear(_counts);
    }
}
