using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Each tile is libtorch's product on the rows' device, counted by <see cref="CosineProductKernels"/> there, or without a GPU on ILGPU's accelerator for the CPU.</summary>
internal sealed class GpuCosinePass : ICosinePass, IDisposable
{
    private readonly UnitRows _rows;
    private readonly CosineTally _tally;
    private readonly KernelLane _lane;
    private readonly KernelView<long> _counts;
    private readonly KernelView<long> _totals;
    private readonly KernelView<ulong> _best;

    public GpuCosinePass(UnitRows rows, CosineTally tally)
    {
        _rows = rows;
        _tally = tally;
        _lane = KernelLane.For(rows.Values);
        _counts = _lane.Zeros<long>(tally.Counts.Length);
        _totals = _lane.Copy(CosineOrder.Totals());
        _best = _lane.Zeros<ulong>(rows.Count);
    }

    /// <inheritdoc/>
    public void Tile(int first, int second)
    {
        using var scope = NewDisposeScope();
        var tile = new CosineTile
        {
            First = first,
            Second = second,
            Height = Math.Min(_tally.TileRows, _rows.Count - first),
            Width = Math.Min(_tally.TileRows, _rows.Count - second),
            Threshold = (float)_tally.Threshold,
        };
        var products = _rows.Values.narrow(0, first, tile.Height).matmul(_rows.Values.narrow(0, second, tile.Width).t());
        var groups = Math.Min((tile.Height + CosineProductKernels.BandRows - 1) / CosineProductKernels.BandRows, CosineProductKernels.MostGroups);
        _lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.CountNearest), groups, _lane.Elements(products), _counts, _totals, _best, tile);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        _lane.Read(_counts).CopyTo(_tally.Counts, 0);
        var totals = _lane.Read(_totals);
        _tally.Above = totals[CosineOrder.Above];
        _tally.MagnitudeAbove = totals[CosineOrder.MagnitudeAbove];
        _tally.Minimum = CosineOrder.Unorder((uint)totals[CosineOrder.Minimum]);
        var best = _lane.Read(_best);
        for (var row = 0; row < best.Length; row++)
        {
            _tally.Offer(row, CosineOrder.CosineOf(best[row]), CosineOrder.RowOf(best[row]));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lane.Dispose();
}
