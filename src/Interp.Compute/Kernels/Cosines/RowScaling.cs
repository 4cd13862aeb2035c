using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// Scales rows to unit length and leaves out those that have no direction. Norms are taken in float64, so that neither tiny nor
/// huge rows lose their direction. Rows on the CPU that go to float32 take one pass with SIMD; other rows take torch operations.
/// </summary>
internal static class RowScaling
{
    /// <summary>Rows that are scaled together: the temporary memory is this many rows.</summary>
    public const int BlockRows = 8192;

    /// <summary>About how many numbers a block holds at most.</summary>
    private const long BlockNumbers = 1 << 23;

    private const int Bands = 8;

    /// <summary>How many rows of a width make a block: fewer of very wide rows, and of those that take torch operations with their temporaries.</summary>
    public static int BlockOf(long width, bool isPlain) => (int)Math.Clamp(BlockNumbers / (isPlain ? 1 : 4) / width, 64, BlockRows);

    /// <summary>Scales rows into the first rows of another matrix.</summary>
    /// <param name="rows">Rows <c>[n, d]</c> of any real dtype.</param>
    /// <param name="target">Float32 or float64 <c>[≥ n, d]</c>, contiguous, on the same device.</param>
    /// <param name="first">The number of the first row, for <paramref name="numbers"/>.</param>
    /// <param name="numbers">Receives the numbers of the rows that are kept.</param>
    /// <param name="sums">Receives the sums over the rows as rounded, or null.</param>
    /// <param name="centre">A row <c>[d]</c>, float64, that is taken from every row first, or null.</param>
    /// <returns>How many rows were kept.</returns>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public static int Into(Tensor rows, Tensor target, int first, List<int> numbers, UnitRowSums? sums = null, Tensor? centre = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var block = centre is null ? rows.detach() : rows.detach().to(ScalarType.Float64) - centre;
        var isPlain = block.device_type == DeviceType.CPU && target.dtype == ScalarType.Float32
            && block.dtype is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;
        return isPlain ? InOnePass(block.to(ScalarType.Float32).contiguous(), target, first, numbers, sums) : ByTorch(block, target, first, numbers, sums);
    }

    private static unsafe int InOnePass(Tensor block, Tensor target, int first, List<int> numbers, UnitRowSums? sums)
    {
        int count = (int)block.shape[0], width = (int)block.shape[1];
        var norms = new double[count];
        var bands = new RowScalingBand[Bands];
        fixed (byte* from = block.bytes, to = target.bytes)
        {
            var (source, scaled) = ((nint)from, (nint)to);
            Parallel.For(0, Bands, band =>
            {
                var (start, end) = ((int)((long)count * band / Bands), (int)((long)count * (band + 1) / Bands));
                bands[band] = new RowScalingBand(sums is null ? 0 : width);
                bands[band].Scale((float*)source, (float*)scaled, width, start, end, norms);
            });
            foreach (var band in bands)
            {
                sums?.Add(band.Sum, band.Squares, band.FourthPowers);
            }

            return Keep((float*)to, width, first, norms, numbers);
        }
    }

    /// <summary>Notes the rows that have a direction and closes the gaps that others leave.</summary>
    private static unsafe int Keep(float* scaled, int width, int first, double[] norms, List<int> numbers)
    {
        var kept = 0;
        for (var row = 0; row < norms.Length; row++)
        {
            if (!double.IsFinite(norms[row]))
            {
                throw NotFinite(first + row);
            }

            if (norms[row] > 0)
            {
                if (kept < row)
                {
                    new Span<float>(scaled + ((long)row * width), width).CopyTo(new Span<float>(scaled + ((long)kept * width), width));
                }

                kept++;
                numbers.Add(first + row);
            }
        }

        return kept;
    }

    private static InterpException NotFinite(long row) =>
        new($"the rows to compare hold numbers that are not finite, first in row {row}: drop or mend those rows first");

    private static void RequireFinite(Tensor norms, int first)
    {
        var broken = norms.squeeze(1).isfinite().logical_not().nonzero();
        if (broken.shape[0] > 0)
        {
            throw NotFinite(first + broken[0, 0].item<long>());
        }
    }

    private static int ByTorch(Tensor rows, Tensor target, int first, List<int> numbers, UnitRowSums? sums)
    {
        // Float32 squares neither vanish nor overflow in float64; float64 rows are divided by their largest entry first.
        if (rows.dtype == ScalarType.Float64)
        {
            var largest = rows.abs().amax([1L], keepdim: true);
            rows = rows / largest.masked_fill(largest.eq(0), 1);
        }

        var norms = rows.to(ScalarType.Float64).square().sum(1, keepdim: true).sqrt();
        RequireFinite(norms, first);
        var kept = norms.squeeze(1).gt(0).nonzero().squeeze(1).cpu().data<long>().ToArray();
        numbers.AddRange(kept.Select(index => first + (int)index));
        if (kept.Length < rows.shape[0])
        {
            var places = tensor(kept, device: rows.device);
            rows = rows.index_select(0, places);
            norms = norms.index_select(0, places);
        }

        var unit = (rows.to(target.dtype) / norms.to(target.dtype)).to(target.dtype);
        target.narrow(0, 0, kept.Length).copy_(unit);
        sums?.Add(unit);
        return kept.Length;
    }
}
