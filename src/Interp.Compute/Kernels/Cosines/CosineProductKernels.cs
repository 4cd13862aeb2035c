using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// Counts a tile of cosines that a matrix product made: each group of threads keeps a histogram in shared memory and adds it to the whole
/// when it has gone through its rows.
/// </summary>
internal static class CosineProductKernels
{
    /// <summary>The bins on [−1, 1].</summary>
    public const int Bins = 8192;

    /// <summary>Groups of a launch: six for each multiprocessor of a large GPU, which is what their shared memory leaves room for.</summary>
    public const int MostGroups = 132 * 6;

    /// <summary>Counts the pairs i &lt; j of a tile.</summary>
    /// <param name="products">The cosines <c>[height, width]</c> of the tile.</param>
    /// <param name="counts">Added to, <c>[Bins]</c>.</param>
    /// <param name="totals">Added to: pairs above the threshold, and above it in magnitude.</param>
    /// <param name="tile">Its place; the dimension is not looked at.</param>
    public static void Count<T>(ArrayView<T> products, ArrayView<long> counts, ArrayView<long> totals, CosineTile tile)
        where T : unmanaged, IElement<T>
    {
        var bins = SharedMemory.Allocate<int>(Bins);
        for (var bin = Group.IdxX; bin < Bins; bin += Group.DimX)
        {
            bins[bin] = 0;
        }

        Group.Barrier();
        int above = 0, magnitudeAbove = 0;
        for (var row = Grid.IdxX; row < tile.Height; row += Grid.DimX)
        {
            var first = IntrinsicMath.Max(0, tile.First + row + 1 - tile.Second);
            for (var column = first + Group.IdxX; column < tile.Width; column += Group.DimX)
            {
                var cosine = products[((long)row * tile.Width) + column].ToSingle();
                var place = (int)IntrinsicMath.Max((cosine * (Bins / 2)) + (Bins / 2), 0f);
                Atomic.Add(ref bins[IntrinsicMath.Min(place, Bins - 1)], 1);
                above += cosine > tile.Threshold ? 1 : 0;
                magnitudeAbove += IntrinsicMath.Abs(cosine) > tile.Threshold ? 1 : 0;
            }
        }

        Group.Barrier();
        for (var bin = Group.IdxX; bin < Bins; bin += Group.DimX)
        {
            if (bins[bin] != 0)
            {
                Atomic.Add(ref counts[bin], (long)bins[bin]);
            }
        }

        if (magnitudeAbove != 0)
        {
            Atomic.Add(ref totals[CosineKernels.Above], (long)above);
            Atomic.Add(ref totals[CosineKernels.MagnitudeAbove], (long)magnitudeAbove);
        }
    }
}
