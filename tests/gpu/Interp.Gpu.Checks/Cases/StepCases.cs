using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of the training step in bfloat16, each fed by the one before it.</summary>
internal static class StepCases
{
    // A bfloat16 number has 8 bits: half of its last place is up to 1/256 of it.
    private const double HalfPlace = 1.0 / 256;

    public static IEnumerable<KernelCheck> All(int scale)
    {
        foreach (var (input, rows, width, latents) in new[] { (InputKind.Empty, 0, 4, 6), (InputKind.Tiny, 1, 2, 2), (InputKind.Odd, 9, 6, 34), (InputKind.Random, 40, 24, 96), (InputKind.Large, 37 * scale, 130, 258) })
        {
            yield return new KernelCheck(
                typeof(RowStepKernels), [nameof(RowStepKernels.Compact), nameof(RowStepKernels.Decode), nameof(RowStepKernels.CountLatents), nameof(RowStepKernels.Starts), nameof(RowStepKernels.FillLatents)],
                typeof(Bfloat16), input, HalfPlace, lane => Step(lane, rows, width, latents))
            { Also = [$"{nameof(LatentStepKernels)}.{nameof(LatentStepKernels.Update)}"] };
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

    // Each part is measured by its own largest number: losses are large and weights small.
    private static double[] OfLargest(double[] values, double[] expected)
    {
        var largest = expected.Select(Math.Abs).DefaultIfEmpty(1).Max();
        return largest > 0 ? Array.ConvertAll(values, value => value / largest) : values;
    }

    private static float[] Rounded(float[] values) => Unpacked(Pairs(values));

    private static uint[] Pairs(float[] values) => [.. Enumerable.Range(0, values.Length / 2).Select(i => Bfloat16Pair.Pack(values[2 * i], values[(2 * i) + 1]))];

    private static float[] Unpacked(uint[] pairs) => [.. pairs.SelectMany(pair => new[] { Bfloat16Pair.Low(pair), Bfloat16Pair.High(pair) })];
}
