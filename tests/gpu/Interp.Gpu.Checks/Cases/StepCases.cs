using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of the training step in a reduced type, each fed by the one before it.</summary>
internal static class StepCases
{
    private static readonly string[] s_also =
    [
        .. new[] { nameof(OrderStepKernels.CountLatents), nameof(OrderStepKernels.Starts), nameof(OrderStepKernels.FillLatents) }.Select(method => $"{nameof(OrderStepKernels)}.{method}"),
        .. new[] { nameof(LatentStepKernels.UpdateDirections), nameof(LatentStepKernels.UpdateEncoder) }.Select(method => $"{nameof(LatentStepKernels)}.{method}"),
    ];

    public static IEnumerable<KernelCheck> All(int scale) =>
    [
        .. Of<Float32, Float32Pair, Float32>(scale), .. Of<Bfloat16, Bfloat16Pair, Float32>(scale), .. Of<Float16, Float16Pair, Float32>(scale),
        .. Of<Float32, Float32Pair, Bfloat16>(scale), .. Of<Bfloat16, Bfloat16Pair, Bfloat16>(scale), .. Of<Float16, Float16Pair, Bfloat16>(scale),
    ];

    private static IEnumerable<KernelCheck> Of<T, TPair, TMoment>(int scale)
        where T : unmanaged, IElement<T>
        where TPair : unmanaged, IElementPair<TPair>
        where TMoment : unmanaged, IMoment<TMoment>, IElement<TMoment>
    {
        // Half of a moment's last place by chance is a whole one.
        var place = Math.Max(Math.Max(Typed.HalfPlace<T>(), 2 * Typed.HalfPlace<TMoment>()), 2e-5);
        foreach (var (input, rows, width, latents, panel) in new[]
        {
            (InputKind.Empty, 0, 4, 6, 0), (InputKind.Empty, 3, 4, 0, 0), (InputKind.Tiny, 1, 2, 2, 0), (InputKind.Odd, 9, 6, 34, 2), (InputKind.Random, 40, 24, 96, 5), (InputKind.Large, 37 * scale, 130, 258, 0),
        })
        {
            yield return new KernelCheck(
                typeof(RowStepKernels), [nameof(RowStepKernels.Compact), nameof(RowStepKernels.Decode)], typeof(TPair), input, place, lane => Step<T, TPair, TMoment>(lane, rows, width, latents, panel))
            { Also = s_also, With = [typeof(TMoment)], Detail = $", and the kernels after them, moments in {typeof(TMoment).Name.ToLowerInvariant()}" };
        }
    }

    private static (double[] Made, double[] Expected) Step<T, TPair, TMoment>(KernelLane lane, int rows, int width, int latents, int panel)
        where T : unmanaged, IElement<T>
        where TPair : unmanaged, IElementPair<TPair>
        where TMoment : unmanaged, IMoment<TMoment>, IElement<TMoment>
    {
        const float Half = 0.1f;
        var numbers = new Numbers("reduced step");
        T[] Normal(long count, double scale = 1) => Typed.Of<T>(numbers.Normal(count, scale));
        var (z, x, y) = (Normal((long)rows * latents), Normal((long)rows * width), Normal((long)rows * width));
        var (encoder, decoder) = (Normal((long)latents * width, 0.2), Normal((long)latents * width, 0.2));
        var (bias, theta, decoderBias) = (numbers.Normal(latents, 0.1), numbers.Normal(latents, 0.1, 1.2), numbers.Normal(width, 0.1));
        var n = new LatentStepNumbers { Beta2 = 0.99f, Size = 0.1f, Correction = 0.4f, Epsilon = 1e-6f, Slope = 0.2f, InverseBandwidth = 5, Seed = 7 };
        var scalars = new float[4 * latents];
        for (var i = 0; i < latents; i++)
        {
            (scalars[4 * i], scalars[(4 * i) + 1], scalars[(4 * i) + 2], scalars[(4 * i) + 3]) = (bias[i], theta[i], 0.01f, 0.01f);
        }

        var moments = Typed.Of<TMoment>(Enumerable.Repeat(1 / 64f, latents * width).ToArray());
        var (encoders, decoders, residuals, encoderSecond, decoderSecond, allScalars) = (
            lane.Copy(encoder), lane.Copy(decoder), lane.Zeros<T>((long)rows * width), lane.Copy(moments), lane.Copy(moments), lane.Copy(scalars));
        var state = new StepLaunches(lane, rows, latents, width, 2 * System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), panel)
        {
            Products = KernelLane.PairsOf(lane.Copy(z)),
            Inputs = KernelLane.PairsOf(lane.Copy(x)),
            Targets = KernelLane.PairsOf(lane.Copy(y)),
            Encoder = KernelLane.PairsOf(encoders),
            Decoder = KernelLane.PairsOf(decoders),
            EncoderSecond = encoderSecond,
            DecoderSecond = decoderSecond,
            Limits = lane.Copy([.. theta.Zip(bias, (t, b) => t - b)]),
            Biases = lane.Copy(bias),
            DecoderBias = lane.Copy(decoderBias),
            Scalars = allScalars,
            Residual = KernelLane.PairsOf(residuals),
        };
        state.Take(Half, 2f / Math.Max(rows, 1), n);
        var residual = Typed.Wide(lane.Read(residuals));
        var parts = StepReference.Take(
            Typed.Wide(z), Typed.Wide(x), Typed.Wide(y), Typed.Wide(encoder), Typed.Wide(decoder), bias, theta, decoderBias, rows, width, latents, Half, 2.0 / Math.Max(rows, 1), n, residual, 1 / 64.0);
        var losses = lane.Read(state.Losses);
        double[][] made =
        [
            Numbers.Wide(lane.Read(state.Counts)),
            [.. Enumerable.Range(0, rows).Select(row => losses.Skip(row * state.Panels).Take(state.Panels).Sum(value => (double)value))],
            Numbers.Wide(residual),
            Typed.Doubles(lane.Read(encoders)),
            Typed.Doubles(lane.Read(decoders)),
            Typed.Doubles(lane.Read(encoderSecond)),
            Typed.Doubles(lane.Read(decoderSecond)),
            Numbers.Wide(lane.Read(allScalars)),
        ];
        return (Numbers.Join([.. made.Zip(parts, OfLargest)]), Numbers.Join([.. parts.Zip(parts, OfLargest)]));
    }

    // Each part is measured by its own largest number: losses are large and weights small.
    private static double[] OfLargest(double[] values, double[] expected)
    {
        var largest = expected.Select(Math.Abs).DefaultIfEmpty(1).Max();
        return largest > 0 ? Array.ConvertAll(values, value => value / largest) : values;
    }
}
