using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;
using Interp.Compute.Kernels.UnitRowAdam;

namespace Interp.Gpu.Checks.Cases;

/// <summary>The kernels of a dictionary's training step: compaction, sparse decode, sparse gradients, Adam on unit rows.</summary>
internal static class SparseCases
{
    public static IEnumerable<KernelCheck> All(int scale) => [.. Of<Float32>(scale), .. Of<Bfloat16>(scale), .. Of<Float16>(scale)];

    private static IEnumerable<KernelCheck> Of<T>(int scale)
        where T : unmanaged, IElement<T>
    {
        foreach (var (input, rows, width, latents) in new[]
        {
            (InputKind.Empty, 0, 3, 5), (InputKind.Empty, 4, 3, 0), (InputKind.Tiny, 1, 1, 1), (InputKind.Odd, 9, 7, 33), (InputKind.Random, 40, 24, 96), (InputKind.Large, 67 * scale, 65, 515),
        })
        {
            yield return Compaction<T>(input, rows, latents);
            yield return Decode<T>(input, rows, width, latents);
            yield return Gradients<T>(input, rows, width, latents);
            yield return Adam<T>(input, rows, width, hasFirst: true, isUnit: true);
            yield return Adam<T>(input, rows, width, hasFirst: false, isUnit: false);
        }
    }

    private static KernelCheck Compaction<T>(InputKind input, int rows, int latents)
        where T : unmanaged, IElement<T> => new(typeof(ThresholdKernels), [nameof(ThresholdKernels.Count), nameof(ThresholdKernels.Fill)], typeof(T), input, 1e-6, lane =>
    {
        const float Half = 0.05f;
        var numbers = new Numbers("compaction");
        var product = Typed.Of<T>(numbers.Normal((long)rows * latents));
        var (z, bias, theta) = (Typed.Wide(product), numbers.Normal(latents, 0.1), numbers.Normal(latents, 0.1, 1));
        var (products, biases, thetas, counts) = (lane.Copy(product), lane.Copy(bias), lane.Copy(theta), lane.Zeros<int>(rows));
        lane.LaunchGroups(typeof(ThresholdKernels), nameof(ThresholdKernels.Count), rows, products, biases, thetas, counts, latents, Half);
        var starts = new int[rows + 1];
        var found = lane.Read(counts);
        for (var row = 0; row < rows; row++)
        {
            starts[row + 1] = starts[row] + found[row];
        }

        var (places, values) = (lane.Zeros<int>(starts[^1]), lane.Zeros<float>(starts[^1]));
        lane.LaunchGroups(typeof(ThresholdKernels), nameof(ThresholdKernels.Fill), rows, products, biases, thetas, lane.Copy(starts), places, values, latents, Half);
        var expected = new List<double>();
        for (var i = 0; i < z.Length; i++)
        {
            // In float32, as the kernel: whether an entry is in is a comparison, not a number with a tolerance.
            var value = z[i] + bias[i % latents];
            var over = value - theta[i % latents];
            var flags = (over <= 0 ? 0 : CodeTile.Active) | (MathF.Abs(over) < Half ? CodeTile.Window : 0);
            if (flags != 0)
            {
                expected.AddRange([((i % latents) << CodeTile.Shift) | flags, value]);
            }
        }

        var (p, v) = (lane.Read(places), lane.Read(values));
        return ([.. Enumerable.Range(0, starts[^1]).SelectMany(entry => new[] { p[entry], (double)v[entry] })], [.. expected]);
    });

    private static KernelCheck Decode<T>(InputKind input, int rows, int width, int latents)
        where T : unmanaged, IElement<T> => new(typeof(SparseDecodeKernels), [nameof(SparseDecodeKernels.Residual)], typeof(T), input, 1e-5, lane =>
    {
        var numbers = new Numbers("decode");
        var codes = new RandomCodes(numbers, rows, latents);
        var (directions, bias, wanted) = (Typed.Of<T>(numbers.Normal((long)latents * width)), numbers.Normal(width), Typed.Of<T>(numbers.Normal((long)rows * width)));
        var (decoder, target) = (Typed.Wide(directions), Typed.Wide(wanted));
        var residual = lane.Zeros<float>((long)rows * width);
        lane.Launch(
            typeof(SparseDecodeKernels), nameof(SparseDecodeKernels.Residual), (long)rows * width,
            lane.Copy(codes.RowStarts), lane.Copy(codes.Latents), lane.Copy(codes.ByRow), lane.Copy(directions), lane.Copy(bias), lane.Copy(wanted), residual, width);
        var expected = new double[rows * width];
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < width; k++)
            {
                var sum = (double)bias[k] - target[(row * width) + k];
                for (var entry = codes.RowStarts[row]; entry < codes.RowStarts[row + 1]; entry++)
                {
                    sum += (codes.Latents[entry] & CodeTile.Active) != 0 ? (double)codes.ByRow[entry] * decoder[((codes.Latents[entry] >> CodeTile.Shift) * width) + k] : 0;
                }

                expected[(row * width) + k] = sum;
            }
        }

        return (Numbers.Wide(lane.Read(residual)), expected);
    });

    private static KernelCheck Gradients<T>(InputKind input, int rows, int width, int latents)
        where T : unmanaged, IElement<T> => new(
        typeof(SparseGradientKernels), [nameof(SparseGradientKernels.ByEntry), nameof(SparseGradientKernels.ByLatent), nameof(SparseGradientKernels.ByWeight)], typeof(T), input, 2e-5, lane =>
    {
        var numbers = new Numbers("gradients");
        var codes = new RandomCodes(numbers, rows, latents);
        var (upstreams, rowsOfX, directions) = (Typed.Of<T>(numbers.Normal((long)rows * width)), Typed.Of<T>(numbers.Normal((long)rows * width)), Typed.Of<T>(numbers.Normal((long)latents * width)));
        var (g, x, decoder) = (Typed.Wide(upstreams), Typed.Wide(rowsOfX), Typed.Wide(directions));
        var (theta, revived) = (numbers.Normal(latents, 0.1, 1), Array.ConvertAll(numbers.Normal(latents), value => value > 0.5f ? 1f : 0f));
        var n = new GradientKernelNumbers { Rows = rows, Latents = latents, Width = width, Slope = 0.3f, InverseBandwidth = 10, Revival = 0.01f, StepToInput = 1 };
        float[] sumOfX = [.. Enumerable.Range(0, width).Select(k => (float)Enumerable.Range(0, rows).Sum(row => (double)x[(row * width) + k]))];
        var (starts, entries, upstream, inputs, thetas, alive) = (lane.Copy(codes.LatentStarts), lane.Copy(codes.Rows), lane.Copy(upstreams), lane.Copy(rowsOfX), lane.Copy(theta), lane.Copy(revived));
        var (byCode, byZ) = (lane.Zeros<float>(codes.Rows.Length), lane.Zeros<float>(codes.Rows.Length));
        var (byBias, byTheta, firings) = (lane.Zeros<float>(latents), lane.Zeros<float>(latents), lane.Zeros<float>(latents));
        var (byEncoder, byDecoder) = (lane.Zeros<float>((long)latents * width), lane.Zeros<float>((long)latents * width));
        var kernels = typeof(SparseGradientKernels);
        lane.LaunchGroups(kernels, nameof(SparseGradientKernels.ByEntry), latents, starts, entries, upstream, lane.Copy(directions), thetas, byCode, byZ, n);
        lane.Launch(kernels, nameof(SparseGradientKernels.ByLatent), latents, starts, entries, byCode, byZ, thetas, alive, byBias, byTheta, firings, n);
        lane.Launch(
            kernels, nameof(SparseGradientKernels.ByWeight), (long)latents * width, starts, entries, lane.Copy(codes.ByLatent), byZ, upstream, inputs, lane.Copy(sumOfX), alive, byEncoder, byDecoder, n);
        var expected = codes.Gradients(g, x, decoder, theta, revived, sumOfX, n);
        return (Numbers.Join([.. new[] { byEncoder, byDecoder, byBias, byTheta, firings }.Select(view => Numbers.Wide(lane.Read(view)))]), expected);
    });

    private static KernelCheck Adam<T>(InputKind input, int rows, int width, bool hasFirst, bool isUnit)
        where T : unmanaged, IElement<T> => new(typeof(RowAdamKernels), [nameof(RowAdamKernels.Step)], typeof(T), input, 1e-5 + Typed.HalfPlace<T>(), lane =>
    {
        var numbers = new Numbers("adam");
        var count = (long)rows * width;
        var (rounded, m, g) = (Typed.Of<T>(numbers.Normal(count)), numbers.Normal(count, 0.01), numbers.Normal(count));
        var w = Typed.Wide(rounded);
        var v = Array.ConvertAll(numbers.Normal(count), value => (value * value) + 0.01f);
        var n = new AdamKernelNumbers { Beta1 = 0.9f, Beta2 = 0.999f, Size = 0.01f, Correction = 0.5f, Epsilon = 1e-8f, Width = width, HasFirst = hasFirst ? 1 : 0, IsUnit = isUnit ? 1 : 0 };
        var (weights, first, second) = (lane.Copy(rounded), lane.Copy(m), lane.Copy(v));
        lane.LaunchGroups(typeof(RowAdamKernels), nameof(RowAdamKernels.Step), rows, weights, first, second, lane.Copy(g), n);
        var (ew, ev, em) = (new double[count], new double[count], new double[count]);
        for (var row = 0; row < rows; row++)
        {
            var at = Enumerable.Range(row * width, width).ToArray();
            var along = isUnit ? at.Sum(i => (double)w[i] * g[i]) : 0;
            foreach (var i in at)
            {
                var gradient = g[i] - (along * w[i]);
                ev[i] = ((double)n.Beta2 * v[i]) + ((1 - (double)n.Beta2) * gradient * gradient);
                var direction = hasFirst ? ((double)n.Beta1 * m[i]) + ((1 - (double)n.Beta1) * gradient) : gradient;
                em[i] = direction;
                ew[i] = w[i] - (n.Size * direction / ((Math.Sqrt(ev[i]) / n.Correction) + n.Epsilon));
            }

            var length = isUnit ? Math.Sqrt(at.Sum(i => ew[i] * ew[i])) : 1;
            foreach (var i in at)
            {
                ew[i] /= length;
            }
        }

        return (
            Numbers.Join(Typed.Doubles(lane.Read(weights)), Numbers.Wide(lane.Read(second)), hasFirst ? Numbers.Wide(lane.Read(first)) : []),
            Numbers.Join(ew, ev, hasFirst ? em : []));
    })
    { Detail = hasFirst ? "" : " (no momentum, free rows)" };
}
