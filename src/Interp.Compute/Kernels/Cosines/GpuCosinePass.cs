using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// Drives the ILGPU kernels of <see cref="CosineKernels"/> on ILGPU's accelerator for the CPU: the rows are copied once into
/// its memory, and each tile is multiplied and counted there.
/// </summary>
internal sealed class GpuCosinePass : ICosinePass, IDisposable
{
    private readonly UnitRows _rows;
    private readonly CosineTally _tally;
    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _values;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _counts;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> _totals;
    private readonly MemoryBuffer1D<ulong, Stride1D.Dense> _best;
    private readonly Action<Index1D, ArrayView<float>, ArrayView<int>, ArrayView<long>, ArrayView<ulong>, CosineTile> _kernel;

    public GpuCosinePass(UnitRows rows, CosineTally tally)
    {
        _rows = rows;
        _tally = tally;
        _context = Context.Create(builder => builder.CPU());
        _accelerator = _context.CreateCPUAccelerator(0);
        using var cpu = rows.Values.cpu();
        _values = _accelerator.Allocate1D(cpu.data<float>().ToArray());
        _counts = _accelerator.Allocate1D<int>(tally.Counts.Length);
        _totals = _accelerator.Allocate1D<long>(CosineKernels.TotalCount);
        _best = _accelerator.Allocate1D<ulong>(rows.Count);
        _counts.MemSetToZero();
        _totals.CopyFromCPU([0, 0, CosineKernels.Order(float.PositiveInfinity)]);
        _best.MemSetToZero();
        _kernel = _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<int>, ArrayView<long>, ArrayView<ulong>, CosineTile>(CosineKernels.CountTile);
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
        _kernel(tile.Height * tile.Width, _values.View, _counts.View, _totals.View, _best.View, tile);
        _accelerator.Synchronize();
        DrainCounts();
    }

    /// <inheritdoc/>
    public void Finish()
    {
        var totals = _totals.GetAsArray1D();
        _tally.Above = totals[CosineKernels.Above];
        _tally.MagnitudeAbove = totals[CosineKernels.MagnitudeAbove];
        _tally.Minimum = CosineKernels.Unorder((uint)totals[CosineKernels.Minimum]);
        var best = _best.GetAsArray1D();
        for (var row = 0; row < best.Length; row++)
        {
            _tally.Offer(row, CosineKernels.Unorder((uint)(best[row] >> 32)), (int)(uint.MaxValue - (uint)best[row]));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _best.Dispose();
        _totals.Dispose();
        _counts.Dispose();
        _values.Dispose();
        _accelerator.Dispose();
        _context.Dispose();
    }

    /// <summary>The kernel's counters are 32 bits wide, so every tile's counts are taken out.</summary>
    private void DrainCounts()
    {
        var counts = _counts.GetAsArray1D();
        for (var bin = 0; bin < counts.Length; bin++)
        {
            _tally.Counts[bin] += counts[bin];
        }

        _counts.MemSetToZero();
    }
}
