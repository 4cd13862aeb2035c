using System.Numerics;
using System.Runtime.Intrinsics;

namespace Interp.Compute.Kernels.Rows;

/// <summary>
/// A matrix cut into panels of few columns, each panel's rows together: a panel of a whole batch fits in a core's second cache, where rows
/// picked here and there cost a fraction of what they cost from memory.
/// </summary>
/// <param name="memory">Where the panels are kept; the caller's.</param>
internal sealed unsafe class Panels<T>(NativeBuffer memory)
    where T : unmanaged, IFloatingPointIeee754<T>
{

    /// <summary>The columns of a panel: four vectors.</summary>
    public static int Columns => 4 * Vector512<T>.Count;

    /// <summary>Whether rows of a width can be cut so, and the processor has the vectors for it.</summary>
    public static bool Fit(int width) => Vector512.IsHardwareAccelerated && width % Columns == 0;

    /// <summary>The rows.</summary>
    public int Rows { get; private set; }

    /// <summary>A panel's first number.</summary>
    public T* this[int panel] => (T*)memory.Start + ((long)panel * Rows * Columns);

    /// <summary>Copies a matrix.</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="width">Its columns, a multiple of <see cref="Columns"/>.</param>
    public void Fill(T* matrix, int rows, int width)
    {
        const int BlockRows = 64;
        Rows = rows;
        memory.Reserve((long)rows * width * sizeof(T));
        var from = (nint)matrix;
        Blocks.Run(Blocks.Covering(rows, BlockRows), Blocks.Workers, (block, _) =>
        {
            for (var row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, rows); row++)
            {
                for (var panel = 0; panel < width / Columns; panel++)
                {
                    var source = new ReadOnlySpan<T>((T*)from + ((long)row * width) + (panel * Columns), Columns);
                    source.CopyTo(new Span<T>(this[panel] + ((long)row * Columns), Columns));
                }
            }
        });
    }
}
