using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Counts a tile of cosines that a matrix product made: what follows the product where the product is a library's.</summary>
internal static unsafe class CosineProducts
{
    private const int Bands = 8;

    /// <summary>Counts the pairs i &lt; j of a tile in <see cref="CosineProductKernels.Bins"/> equal bins on [−1, 1].</summary>
    /// <param name="products">The cosines <c>[height, width]</c>, float32, bfloat16 or float16.</param>
    /// <param name="first">The number of the tile's first row.</param>
    /// <param name="second">The number of the row that its first column stands for.</param>
    /// <param name="threshold">Pairs above it, and above it in magnitude, are counted beside.</param>
    /// <param name="backend">Which version.</param>
    public static (long[] Counts, long Above, long MagnitudeAbove) Count(Tensor products, int first, int second, double threshold, KernelBackend backend = KernelBackend.Auto)
    {
        if (products.dim() != 2)
        {
            throw new ShapeMismatchException("the tile of cosines", "[height, width]", products.shape);
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return KernelChoice.For(backend, products) switch
        {
            KernelBackend.Reference => ByTorch(products.to(ScalarType.Float32), first, second, threshold),
            KernelBackend.Gpu => OnLane(products, first, second, threshold),
            _ => InBands(products, first, second, threshold),
        };
    }

    private static (long[] Counts, long Above, long MagnitudeAbove) ByTorch(Tensor products, int first, int second, double threshold)
    {
        const int Half = CosineProductKernels.Bins / 2;
        var kept = products.masked_select(ones_like(products, ScalarType.Bool).triu(first + 1 - second));
        if (kept.numel() == 0)
        {
            return (new long[CosineProductKernels.Bins], 0, 0);
        }

        var bins = ((kept * Half) + Half).clamp(0, CosineProductKernels.Bins - 1).to(ScalarType.Int64);
        return (
            bins.bincount(null, CosineProductKernels.Bins).cpu().data<long>().ToArray(),
            kept.gt(threshold).sum().item<long>(),
            kept.abs().gt(threshold).sum().item<long>());
    }

    private static (long[] Counts, long Above, long MagnitudeAbove) OnLane(Tensor products, int first, int second, double threshold)
    {
        using var lane = Lanes.KernelLane.For(products);
        var (counts, totals) = (lane.Zeros<long>(CosineProductKernels.Bins), lane.Zeros<long>(2));
        var tile = new CosineTile { First = first, Second = second, Height = (int)products.shape[0], Width = (int)products.shape[1], Threshold = (float)threshold };
        lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.Count), Math.Min(tile.Height, CosineProductKernels.MostGroups), lane.Elements(products), counts, totals, tile);
        var found = lane.Read(totals);
        return (lane.Read(counts), found[CosineOrder.Above], found[CosineOrder.MagnitudeAbove]);
    }

    // The bands of the pass over tiles, a row at a time, since rows begin at different columns.
    private static (long[] Counts, long Above, long MagnitudeAbove) InBands(Tensor products, int first, int second, double threshold)
    {
        var whole = products.to(ScalarType.Float32).contiguous();
        var (height, width) = ((int)whole.shape[0], (int)whole.shape[1]);
        var values = (nint)Rows.TensorMemory.Of<float>(whole);
        var bands = new CosineBand[Bands];
        Parallel.For(0, Bands, band =>
        {
            bands[band] = new CosineBand(CosineProductKernels.Bins, width, (float)threshold);
            for (var row = height * band / Bands; row < height * (band + 1) / Bands; row++)
            {
                var start = Math.Clamp(first + row + 1 - second, 0, width);
                bands[band].Count((float*)values + ((long)row * width) + start, width - start, 0, 1, diagonal: false);
            }
        });
        var tally = new CosineTally(0, new CosineOptions { Bins = CosineProductKernels.Bins, Threshold = threshold });
        foreach (var band in bands)
        {
            band.AddTo(tally);
        }

        GC.KeepAlive(whole);
        return (tally.Counts, tally.Above, tally.MagnitudeAbove);
    }
}
