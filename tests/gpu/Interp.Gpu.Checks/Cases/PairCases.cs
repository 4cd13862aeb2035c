using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of pairs of rows and of points: cosines, nearest rows, distances, rotated histograms.</summary>
internal static class PairCases
{
    public static IEnumerable<KernelCheck> All(int scale)
    {
        foreach (var (input, rows, width) in new[] { ("tiny", 2, 1), ("odd", 13, 7), ("random", 60, 24), ("large", 130 * Math.Min(scale, 8), 65) })
        {
            yield return Cosines(input, rows, width);
            yield return TopK(input, rows, width, Math.Min(5, rows - 1));
            yield return Distances(input, rows, width);
        }

        yield return Distances("empty", 0, 3);
        foreach (var (input, points, angles, bins) in new[] { ("tiny", 1, 1, 1), ("odd", 37, 3, 7), ("random", 200, 8, 16), ("large", 1001 * scale, 16, 32) })
        {
            yield return Rotations(input, points, angles, bins);
        }
    }

    private static KernelCheck Cosines(string input, int rows, int width) => new("CosineKernels.CountTile", input, 2e-5, lane =>
    {
        const int Bins = 256;
        var values = UnitRows(new Numbers("cosines"), rows, width);
        var tile = new CosineTile { First = 0, Second = 0, Height = rows, Width = rows, Dimension = width, Threshold = 0.1f };
        var (counts, totals, best) = (lane.Zeros<int>(Bins), lane.Copy(new long[] { 0, 0, CosineKernels.Order(float.PositiveInfinity) }), lane.Zeros<ulong>(rows));
        lane.Launch(typeof(CosineKernels), nameof(CosineKernels.CountTile), (long)rows * rows, lane.Copy(values), counts, totals, best, tile);
        var found = lane.Read(totals);
        // Counts may move between neighbouring bins by rounding; what must agree is their sum, the totals away from the limit, and who is nearest.
        var expectedNearest = new double[rows];
        double pairs = 0, smallest = 2;
        for (var i = 0; i < rows; i++)
        {
            var top = double.NegativeInfinity;
            for (var j = 0; j < rows; j++)
            {
                if (j != i)
                {
                    var cosine = Dot(values, i, j, width);
                    smallest = Math.Min(smallest, cosine);
                    pairs += 0.5;
                    top = Math.Max(top, cosine);
                }
            }

            expectedNearest[i] = top;
        }

        double[] nearest = [.. lane.Read(best).Select(value => (double)(CosineKernels.Unorder((uint)(value >> 32))))];
        return (
            Numbers.Join([lane.Read(counts).Sum(), (double)(CosineKernels.Unorder((uint)found[CosineKernels.Minimum]))], nearest),
            Numbers.Join([pairs, smallest], [.. expectedNearest]));
    });

    private static KernelCheck TopK(string input, int rows, int width, int kept) => new("PairwiseKernels.TopK", input, 2e-5, lane =>
    {
        var values = new Numbers("topk").Normal((long)rows * width);
        var (squares, nearest) = (lane.Zeros<float>((long)rows * kept), lane.Zeros<int>((long)rows * kept));
        lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.TopK), rows, lane.Copy(values), squares, nearest, width, kept);
        var expected = new List<double>();
        for (var i = 0; i < rows; i++)
        {
            expected.AddRange(Enumerable.Range(0, rows).Where(j => j != i).Select(j => Square(values, i, j, width)).Order().Take(kept));
        }

        // Compared by the distances of the rows it names, so that a tie in float32 is no error.
        var named = lane.Read(nearest);
        double[] made = [.. Enumerable.Range(0, rows * kept).Select(place => Square(values, place / kept, named[place], width))];
        return (made, [.. expected]);
    });

    private static KernelCheck Distances(string input, int rows, int width) => new("PairwiseKernels.Distance", input, 1e-12, lane =>
    {
        var values = new Numbers("distances").NormalDoubles((long)rows * width);
        var distances = lane.Zeros<double>((long)rows * rows);
        lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.Distance), (long)rows * rows, lane.Copy(values), distances, width);
        var expected = new double[rows * rows];
        for (var pair = 0; pair < expected.Length; pair++)
        {
            for (var k = 0; k < width; k++)
            {
                var difference = values[(pair / rows * width) + k] - values[(pair % rows * width) + k];
                expected[pair] += difference * difference;
            }
        }

        return (lane.Read(distances)[..expected.Length], expected);
    });

    private static KernelCheck Rotations(string input, int points, int angles, int bins) => new("RotationKernels.Ranges and Cells", input, 1e-9, lane =>
    {
        var numbers = new Numbers("rotations");
        var (x, y) = (numbers.NormalDoubles(points), numbers.NormalDoubles(points));
        double[] turns = [.. Enumerable.Range(0, angles).SelectMany(i => new[] { Math.Cos(Math.PI * i / angles), Math.Sin(Math.PI * i / angles) })];
        long[] ends = [.. Enumerable.Range(0, angles).SelectMany(_ => new[] { long.MaxValue, long.MinValue, long.MaxValue, long.MinValue })];
        var (px, py, pt, ranges, counts) = (lane.Copy(x), lane.Copy(y), lane.Copy(turns), lane.Copy(ends), lane.Zeros<int>((long)angles * bins * bins));
        lane.Launch(typeof(RotationKernels), nameof(RotationKernels.Ranges), (long)angles * points, px, py, pt, ranges);
        lane.Launch(typeof(RotationKernels), nameof(RotationKernels.Cells), (long)angles * points, px, py, pt, ranges, counts, bins);
        var expected = new List<double>();
        var made = Array.ConvertAll(lane.Read(ranges), RotationKernels.Unorder).ToList();
        for (var angle = 0; angle < angles; angle++)
        {
            double[] first = [.. Enumerable.Range(0, points).Select(i => (turns[2 * angle] * x[i]) + (turns[(2 * angle) + 1] * y[i]))];
            double[] second = [.. Enumerable.Range(0, points).Select(i => (-turns[(2 * angle) + 1] * x[i]) + (turns[2 * angle] * y[i]))];
            expected.AddRange([first.Min(), first.Max(), second.Min(), second.Max()]);
        }

        // Each angle's cells hold every point once; where a point lies on an edge the last bit decides.
        var cells = lane.Read(counts);
        for (var angle = 0; angle < angles; angle++)
        {
            made.Add(cells.Skip(angle * bins * bins).Take(bins * bins).Sum());
            expected.Add(points);
        }

        return ([.. made], [.. expected]);
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
