using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Pairwise;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of pairs of rows: nearest rows, distances.</summary>
internal static class PairCases
{
    public static IEnumerable<KernelCheck> All(int scale) =>
        [.. Of<Float32>(scale), .. Of<Bfloat16>(scale), .. Of<Float16>(scale), .. Distances<Float64>(scale), .. Distances<Float32>(scale), .. Distances<Bfloat16>(scale), .. Distances<Float16>(scale)];

    private static (InputKind Input, int Rows, int Width)[] Sizes(int scale) =>
        [(InputKind.Empty, 0, 3), (InputKind.Tiny, 2, 1), (InputKind.Odd, 13, 7), (InputKind.Random, 60, 24), (InputKind.Large, 130 * Math.Min(scale, 8), 65)];

    private static IEnumerable<KernelCheck> Of<T>(int scale)
        where T : unmanaged, IElement<T> =>
        Sizes(scale).Select(size => TopK<T>(size.Input, size.Rows, size.Width, Math.Clamp(size.Rows - 1, 0, 5)));

    private static IEnumerable<KernelCheck> Distances<T>(int scale)
        where T : unmanaged, IReal => Sizes(scale).Select(size => Distance<T>(size.Input, size.Rows, size.Width));

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
