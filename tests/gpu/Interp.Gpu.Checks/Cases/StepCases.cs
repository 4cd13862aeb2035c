using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of the training step in bfloat16, each fed by the one before it, and the histogram of a tile of cosines.</summary>
internal static class StepCases
{
    // A bfloat16 number has 8 bits: half of its last place is up to 1/256 of it.
    private const double HalfPlace = 1.0 / 256;

    public static IEnumerable<KernelCheck> All(int scale)
    {
        foreach (var (input, rows, width, latents) in new[] { ("empty", 0, 4, 6), ("tiny", 1, 2, 2), ("odd", 9, 6, 34), ("random", 40, 24, 96), ("large", 37 * scale, 130, 258) })
        {
            yield return new KernelCheck("RowStepKernels and LatentStepKernels (bfloat16 step)", input, HalfPlace, lane => Step(lane, rows, width, latents));
        }

        foreach (var (input, height, width, first, second) in new[] { ("tiny", 1, 1, 0, 1), ("odd", 7, 13, 3, 5), ("random", 64, 64, 0, 0), ("large", 300 * scale, 500, 100, 250) })
        {
            yield return new KernelCheck("CosineProductKernels.Count", input, 2e-4, lane => Counts(lane, height, width, first, second));
        }
    }

    private static (double[] Made, double[] Expected) Step(KernelLane lane, int rows, int width, int latents)
    {
        const float Half = 0.1f;
        var numbers = new Numbers("bfloat16 step");
        var (z, x, y) = (Rounded(numbers.Normal((long)rows * latents)), Rounded(numbers.Normal((long)rows * width)), Rounded(numbers.Normal((long)rows * width)));
        var (encoder, decoder) = (Rounded(numbers.Normal((long)latents * width, 0.2)), Rounded(numbers.Normal((long)latents * width, 0.2)));
        var (bias, theta, decoderBias) = (numbers.Normal(latents, 0.1), numbers.Normal(latents, 0.1, 1.2), numbers.Normal(width, 0.1));
        var n = new LatentStepNumbers { Pairs = width / 2, Beta2 = 0.99f, Size = 0.1f, Correction = 0.4f, Epsilon = 1e-6f, Slope = 0.2f, InverseBandwidth = 5 };
        var scalars = new float[4 * latents];
        for (var i = 0; i < latents; i++)
        {
            (scalars[4 * i], scalars[(4 * i) + 1], scalars[(4 * i) + 2], scalars[(4 * i) + 3]) = (bias[i], theta[i], 0.01f, 0.01f);
        }

        var state = new DeviceStepState(lane, rows, latents, width)
        {
            Products = lane.Copy(Pairs(z)),
            Inputs = lane.Copy(Pairs(x)),
            Targets = lane.Copy(Pairs(y)),
            Encoder = lane.Copy(Pairs(encoder)),
            Decoder = lane.Copy(Pairs(decoder)),
            EncoderSecond = lane.Copy(Enumerable.Repeat(0.02f, latents * width).ToArray()),
            DecoderSecond = lane.Copy(Enumerable.Repeat(0.02f, latents * width).ToArray()),
            Limits = lane.Copy([.. theta.Zip(bias, (t, b) => t - b)]),
            Biases = lane.Copy(bias),
            DecoderBias = lane.Copy(decoderBias),
            Scalars = lane.Copy(scalars),
        };
        state.Take(Half, 2f / Math.Max(rows, 1), n);
        var parts = StepReference.Take(z, x, y, encoder, decoder, bias, theta, decoderBias, rows, width, latents, Half, 2.0 / Math.Max(rows, 1), n, Unpacked(lane.Read(state.Residual))[..(rows * width)]);
        double[][] made =
        [
            Numbers.Wide(lane.Read(state.Counts)[..rows]),
            Numbers.Wide(lane.Read(state.Losses)[..rows]),
            Numbers.Wide(Unpacked(lane.Read(state.Residual))[..(rows * width)]),
            Numbers.Wide(Unpacked(lane.Read(state.Encoder))),
            Numbers.Wide(Unpacked(lane.Read(state.Decoder))),
            Numbers.Wide(lane.Read(state.EncoderSecond)),
            Numbers.Wide(lane.Read(state.DecoderSecond)),
            Numbers.Wide(lane.Read(state.Scalars)),
        ];
        return (Numbers.Join([.. made.Zip(parts, OfLargest)]), Numbers.Join([.. parts.Zip(parts, OfLargest)]));
    }

    private static (double[] Made, double[] Expected) Counts(KernelLane lane, int height, int width, int first, int second)
    {
        const int Bins = CosineProductKernels.Bins;
        var cosines = new Numbers("cosine products").Normal((long)height * width, 0.1);
        var tile = new CosineTile { First = first, Second = second, Height = height, Width = width, Threshold = 0.2f };
        var (counts, totals) = (lane.Zeros<long>(Bins), lane.Zeros<long>(2));
        lane.LaunchGroups(typeof(CosineProductKernels), nameof(CosineProductKernels.Count), Math.Min(height, 8), lane.Copy(cosines), counts, totals, tile);
        var (expected, expectedTotals) = (new double[Bins], new double[2]);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var cosine = cosines[(row * width) + column];
                if (second + column > first + row)
                {
                    // In float32, as the kernel: which bin is a comparison, not a number with a tolerance.
                    expected[Math.Clamp((int)MathF.Max((cosine * (Bins / 2)) + (Bins / 2), 0f), 0, Bins - 1)]++;
                    expectedTotals[0] += cosine > tile.Threshold ? 1 : 0;
                    expectedTotals[1] += Math.Abs(cosine) > tile.Threshold ? 1 : 0;
                }
            }
        }

        // Where the compiler fuses the product and the sum, an edge's cosine may fall to the other side: the counts up to every 64th edge agree within few.
        return (
            Numbers.Join(UpToEdges(Array.ConvertAll(lane.Read(counts), value => (double)value)), Array.ConvertAll(lane.Read(totals), value => (double)value)),
            Numbers.Join(UpToEdges(expected), expectedTotals));
    }

    // Each part is measured by its own largest number: losses are large and weights small.
    private static double[] OfLargest(double[] values, double[] expected)
    {
        var largest = expected.Select(Math.Abs).DefaultIfEmpty(1).Max();
        return largest > 0 ? Array.ConvertAll(values, value => value / largest) : values;
    }

    private static double[] UpToEdges(double[] counts) =>
        [.. Enumerable.Range(1, CosineProductKernels.Bins / 64).Select(edge => counts.Take(64 * edge).Sum())];

    private static float[] Rounded(float[] values) => Unpacked(Pairs(values));

    private static uint[] Pairs(float[] values) => [.. Enumerable.Range(0, values.Length / 2).Select(i => Bfloat16Pair.Pack(values[2 * i], values[(2 * i) + 1]))];

    private static float[] Unpacked(uint[] pairs) => [.. pairs.SelectMany(pair => new[] { Bfloat16Pair.Low(pair), Bfloat16Pair.High(pair) })];
}
