using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Pairwise;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of pairs of rows: cosines, nearest rows, distances.</summary>
internal static class PairCases
{
    // What rounding in float32 may move a cosine by.
    private const double Rounding = 2e-5;

    public static IEnumerable<KernelCheck> All(int scale) =>
        [.. Of<Float32>(scale), .. Of<Bfloat16>(scale), .. Of<Float16>(scale), .. Distances<Float64>(scale), .. Distances<Float32>(scale), .. Distances<Bfloat16>(scale), .. Distances<Float16>(scale)];

    private static (InputKind Input, int Rows, int Width)[] Sizes(int scale) =>
        [(InputKind.Empty, 0, 3), (InputKind.Tiny, 2, 1), (InputKind.Odd, 13, 7), (InputKind.Random, 60, 24), (InputKind.Large, 130 * Math.Min(scale, 8), 65)];

    private static IEnumerable<KernelCheck> Of<T>(int scale)
        where T : unmanaged, IElement<T> =>
        Sizes(scale).SelectMany(size => new[] { Cosines<T>(size.Input, size.Rows, size.Width), TopK<T>(size.Input, size.Rows, size.Width, Math.Clamp(size.Rows - 1, 0, 5)) });

    private static IEnumerable<KernelCheck> Distances<T>(int scale)
        where T : unmanaged, IReal => Sizes(scale).Select(size => Distance<T>(size.Input, size.Rows, size.Width));

    private static KernelCheck Cosines<T>(InputKind input, int rows, int width)
        where T : unmanaged, IElement<T> => new(typeof(CosineKernels), [nameof(CosineKernels.CountTile)], typeof(T), input, Rounding, lane =>
    {
        const int Bins = 256;
        const float Threshold = 0.1f;
        var typed = Typed.Of<T>(UnitRows(new Numbers("cosines"), rows, width));
        var values = Typed.Wide(typed);
        var tile = new CosineTile { First = 0, Second = 0, Height = rows, Width = rows, Dimension = width, Threshold = Threshold };
        var (counts, totals, best) = (lane.Zeros<int>(Bins), lane.Copy(new long[] { 0, 0, CosineKernels.Order(float.PositiveInfinity) }), lane.Zeros<ulong>(rows));
        lane.Launch(typeof(CosineKernels), nameof(CosineKernels.CountTile), (long)rows * rows, lane.Copy(typed), counts, totals, best, tile);
        var cells = new ExpectedCells(Bins, Rounding, Threshold);
        double[] top = [.. Enumerable.Repeat(double.NegativeInfinity, rows)];
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < rows; i++)
        {
            for (var j = i + 1; j < rows; j++)
            {
                var cosine = Dot(values, i, j, width);
                cells.Add(cosine);
                smallest = Math.Min(smallest, cosine);
                (top[i], top[j]) = (Math.Max(top[i], cosine), Math.Max(top[j], cosine));
            }
        }

        // Who is nearest is checked by the cosine of the row that is named, so that a tie in float32 is no error.
        var found = lane.Read(totals);
        var nearest = lane.Read(best);
        double[] named = [.. nearest.Select((value, row) => Dot(values, row, (int)(uint.MaxValue - (uint)value), width))];
        double[] made = [.. nearest.Select(value => (double)CosineKernels.Unorder((uint)(value >> 32)))];
        return (
            Numbers.Join(cells.Settle(lane.Read(counts)), cells.SettleTotals(found[CosineKernels.Above], found[CosineKernels.MagnitudeAbove]), [CosineKernels.Unorder((uint)found[CosineKernels.Minimum])], made, named),
            Numbers.Join(cells.Counts, cells.Totals, [smallest], top, top));
    });

    private static KernelCheck TopK<T>(InputKind input, int rows, int width, int kept)
        where T : unmanaged, IElement<T> => new(typeof(PairwiseKernels), [nameof(PairwiseKernels.TopK)], typeof(T), input, 2e-5, lane =>
    {
        var typed = Typed.Of<T>(new Numbers("topk").Normal((long)rows * width));
        var values = Typed.Wide(typed);
        var (squares, nearest) = (lane.Zeros<float>((long)rows * kept), lane.Zeros<int>((long)rows * kept));
        lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.TopK), rows, lane.Copy(typed), squares, nearest, width, kept);
        var expected = new List<double>();
        for (var i = 0; i < rows; i++)
        {
            expected.AddRange(Enumerable.Range(0, rows).Where(j => j != i).Select(j => Square(values, i, j, width)).Order().Take(kept));
        }

        // Compared by the distances of the rows it names, so that a tie in float32 is no error; each is named once.
        var named = lane.Read(nearest);
        double[] made = [.. Enumerable.Range(0, rows * kept).Select(place => Square(values, place / kept, named[place], width))];
        double[] different = [.. Enumerable.Range(0, rows).Select(row => (double)named.Skip(row * kept).Take(kept).Append(row).Distinct().Count())];
        return (Numbers.Join(made, Numbers.Wide(lane.Read(squares)), different), Numbers.Join([.. expected], [.. expected], [.. Enumerable.Repeat(kept + 1.0, rows)]));
    });

    private static KernelCheck Distance<T>(InputKind input, int rows, int width)
        where T : unmanaged, IReal => new(typeof(PairwiseKernels), [nameof(PairwiseKernels.Distance)], typeof(T), input, 1e-12, lane =>
    {
        var typed = Reals.Of<T>(new Numbers("distances").NormalDoubles((long)rows * width));
        var values = Typed.Doubles(typed);
        var distances = lane.Zeros<double>((long)rows * rows);
        lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.Distance), (long)rows * rows, lane.Copy(typed), distances, width);
        var expected = new double[rows * rows];
        for (var pair = 0; pair < expected.Length; pair++)
        {
            for (var k = 0; k < width; k++)
            {
                var difference = values[(pair / rows * width) + k] - values[(pair % rows * width) + k];
                expected[pair] += difference * difference;
            }
        }

        return (lane.Read(distances), expected);
    });

    private static float[] UnitRows(Numbers numbers, int rows, int width)
    {
        var values = numbers.Normal((long)rows * width);
        for (var row = 0; row < rows; row++)
        {
            var length = Math.Sqrt(Dot(values, row, row, width));
            for (var k = 0; k < width; k++)
            {
                values[(row * width) + k] = (float)(values[(row * width) + k] / length);
            }
        }

        return values;
    }

    private static double Dot(float[] rows, int i, int j, int width)
    {
        var sum = 0.0;
        for (var k = 0; k < width; k++)
        {
            sum += (double)rows[(i * width) + k] * rows[(j * width) + k];
        }

        return sum;
    }

    private static double Square(float[] rows, int i, int j, int width)
    {
        var sum = 0.0;
        for (var k = 0; k < width; k++)
        {
            var difference = (double)rows[(i * width) + k] - rows[(j * width) + k];
            sum += difference * difference;
        }

        return sum;
    }
}
