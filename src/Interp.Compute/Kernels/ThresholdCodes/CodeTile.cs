using System.Numerics;
using System.Runtime.CompilerServices;
using Interp.Compute.Kernels.Rows;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>
/// The entries of some rows and some latents, twice: by row for decoding, and by latent for gradients. An entry is a pre-activation and a
/// place; the place's two lowest bits say whether the latent is active there and whether it is within the window of its threshold.
/// </summary>
internal sealed unsafe class CodeTile : IDisposable
{
    /// <summary>z &gt; θ (or not a number, so that it is not lost).</summary>
    public const int Active = 1;

    /// <summary>|z − θ| &lt; ε/2.</summary>
    public const int Window = 2;

    /// <summary>Places are shifted by this to make room for both bits.</summary>
    public const int Shift = 2;

    private readonly NativeBuffer _rowStarts = new();
    private readonly NativeBuffer _latents = new();
    private readonly NativeBuffer _valuesByRow = new();
    private readonly NativeBuffer _latentStarts = new();
    private readonly NativeBuffer _rows = new();
    private readonly NativeBuffer _valuesByLatent = new();
    private int _room;

    /// <summary>The first row, and how many there are.</summary>
    public int FirstRow { get; private set; }

    /// <inheritdoc cref="FirstRow"/>
    public int RowCount { get; private set; }

    /// <summary>The first latent, and how many there are.</summary>
    public int FirstLatent { get; private set; }

    /// <inheritdoc cref="FirstLatent"/>
    public int LatentCount { get; private set; }

    /// <summary>All entries.</summary>
    public int Count { get; private set; }

    /// <summary>Those that are active.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Where each row's entries begin; one more number than rows.</summary>
    public int* RowStarts => (int*)_rowStarts.Start;

    /// <summary>The latent of each entry by row, shifted, with its bits.</summary>
    public int* Latents => (int*)_latents.Start;

    /// <summary>Where each latent's entries begin; one more number than latents.</summary>
    public int* LatentStarts => (int*)_latentStarts.Start;

    /// <summary>The row of each entry by latent, shifted, with its bits; rows ascend within a latent.</summary>
    public int* Rows => (int*)_rows.Start;

    /// <summary>z of each entry by row.</summary>
    public T* ValuesByRow<T>()
        where T : unmanaged => (T*)_valuesByRow.Start;

    /// <summary>z of each entry by latent.</summary>
    public T* ValuesByLatent<T>()
        where T : unmanaged => (T*)_valuesByLatent.Start;

    /// <summary>Empties the tile and gives it its place.</summary>
    public void Begin(int firstRow, int rowCount, int firstLatent, int latentCount)
    {
        (FirstRow, RowCount, FirstLatent, LatentCount, Count) = (firstRow, rowCount, firstLatent, latentCount, 0);
        _rowStarts.Reserve((rowCount + 1L) * sizeof(int));
        RowStarts[0] = 0;
    }

    /// <summary>Makes room for the entries of one more row, of which there are at most as many as latents.</summary>
    /// <param name="count">All entries so far.</param>
    public void ReserveRow<T>(int count)
        where T : unmanaged
    {
        if (count + LatentCount > _room)
        {
            _room = Math.Max(count + LatentCount, 2 * _room);
            _latents.Reserve((long)_room * sizeof(int));
            _valuesByRow.Reserve((long)_room * sizeof(double));
        }
    }

    /// <summary>Ends the list by row, whose <see cref="RowStarts"/> are written.</summary>
    /// <param name="count">All entries.</param>
    public void End(int count) => Count = count;

    /// <summary>Lists the entries by latent too: counts, starts, and one pass in the order of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transpose<T>()
        where T : unmanaged, INumber<T>
    {
        _latentStarts.Reserve((LatentCount + 2L) * sizeof(int));
        _rows.Reserve((long)Count * sizeof(int));
        _valuesByLatent.Reserve((long)Count * sizeof(T));
        int* starts = LatentStarts, latents = Latents, rows = Rows;
        T* from = ValuesByRow<T>(), to = ValuesByLatent<T>();
        new Span<int>(starts, LatentCount + 2).Clear();
        for (var entry = 0; entry < Count; entry++)
        {
            starts[(latents[entry] >> Shift) - FirstLatent + 2]++;
        }

        ActiveCount = 0;
        for (var latent = 2; latent <= LatentCount; latent++)
        {
            starts[latent] += starts[latent - 1];
        }

        for (var row = 0; row < RowCount; row++)
        {
            var place = (FirstRow + row) << Shift;
            for (var entry = RowStarts[row]; entry < RowStarts[row + 1]; entry++)
            {
                var at = starts[(latents[entry] >> Shift) - FirstLatent + 1]++;
                rows[at] = place | (latents[entry] & (Active | Window));
                to[at] = from[entry];
                ActiveCount += latents[entry] & Active;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rowStarts.Dispose();
        _latents.Dispose();
        _valuesByRow.Dispose();
        _latentStarts.Dispose();
        _rows.Dispose();
        _valuesByLatent.Dispose();
    }
}
