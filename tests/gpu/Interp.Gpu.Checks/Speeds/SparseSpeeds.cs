using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.SparseDecode;
using Interp.Compute.Kernels.SparseGradients;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>The kernels of sparse codes over the torch operations that they would replace: compaction of a product, decoding, gradients.</summary>
internal static class SparseSpeeds
{
    /// <summary>The sizes of <c>baselines.py</c>.</summary>
    public static void Run(SpeedBench bench, double copyRate) => Run(bench, copyRate, 4096, 1024, 16384, 32);

    /// <summary>Any sizes.</summary>
    /// <param name="bench">What times.</param>
    /// <param name="copyRate">The card's.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="width">Their width.</param>
    /// <param name="latents">Latents.</param>
    /// <param name="each">Entries of a row.</param>
    public static void Run(SpeedBench bench, double copyRate, int rows, int width, int latents, int each)
    {
        var lane = bench.Lane;
        var numbers = new Numbers("sparse speeds");
        var (entries, flags) = (rows * each, CodeTile.Active | CodeTile.Window);
        int[] chosen = [.. Enumerable.Range(0, entries).Select(_ => numbers.Below(latents))];
        int[] order = [.. Enumerable.Range(0, entries).OrderBy(entry => chosen[entry])];
        var perLatent = new int[latents + 1];
        Array.ForEach(chosen, latent => perLatent[latent + 1]++);
        for (var latent = 0; latent < latents; latent++)
        {
            perLatent[latent + 1] += perLatent[latent];
        }

        // About as many products above the threshold as entries a row, at their places by chance.
        var z = new float[(long)rows * latents];
        for (var entry = 0; entry < entries; entry++)
        {
            z[((long)(entry / each) * latents) + chosen[entry]] = 2;
        }

        var (products, biases, thetas, counts) = (lane.Copy(Typed.Of<Float32>(z)), lane.Zeros<float>(latents), lane.Copy(Enumerable.Repeat(1f, latents).ToArray()), lane.Zeros<int>(rows));
        var (starts, places, values) = (lane.Copy(Enumerable.Range(0, rows + 1).Select(row => row * each).ToArray()), lane.Zeros<int>(entries), lane.Zeros<float>(entries));
        bench.Row("thresholds and compaction", "threshold_codes", 2L * rows * latents * sizeof(float), copyRate, () =>
        {
            lane.LaunchGroups(typeof(ThresholdKernels), nameof(ThresholdKernels.Count), rows, products, biases, thetas, counts, latents, 0.1f);
            lane.LaunchGroups(typeof(ThresholdKernels), nameof(ThresholdKernels.Fill), rows, products, biases, thetas, starts, places, values, latents, 0.1f);
        });

        var (byRow, codes) = (lane.Copy(Array.ConvertAll(chosen, latent => (latent << CodeTile.Shift) | flags)), lane.Copy(numbers.Normal(entries)));
        var (decoder, x, g) = (lane.Copy(Typed.Of<Float32>(numbers.Normal((long)latents * width))), lane.Copy(Typed.Of<Float32>(numbers.Normal((long)rows * width))), lane.Copy(Typed.Of<Float32>(numbers.Normal((long)rows * width))));
        var (bias, residual) = (lane.Zeros<float>(width), lane.Zeros<float>((long)rows * width));
        bench.Row("sparse decoding", "sparse_decode", 0, copyRate, () => lane.Launch(
            typeof(SparseDecodeKernels), nameof(SparseDecodeKernels.Residual), (long)rows * width, starts, byRow, codes, decoder, bias, x, residual, width));

        var (latentStarts, entryRows) = (lane.Copy(perLatent), lane.Copy(Array.ConvertAll(order, entry => ((entry / each) << CodeTile.Shift) | flags)));
        var (byCode, byZ, byBias, byTheta) = (lane.Zeros<float>(entries), lane.Zeros<float>(entries), lane.Zeros<float>(latents), lane.Zeros<float>(latents));
        var (firings, alive, byEncoder, byDecoder) = (lane.Zeros<float>(latents), lane.Zeros<float>(latents), lane.Zeros<float>((long)latents * width), lane.Zeros<float>((long)latents * width));
        var n = new GradientKernelNumbers { Rows = rows, Latents = latents, Width = width, Slope = 0.1f, InverseBandwidth = 10 };
        bench.Row("sparse gradients", "sparse_gradient", 0, copyRate, () =>
        {
            lane.LaunchGroups(typeof(SparseGradientKernels), nameof(SparseGradientKernels.ByEntry), latents, latentStarts, entryRows, g, decoder, thetas, byCode, byZ, n);
            lane.Launch(typeof(SparseGradientKernels), nameof(SparseGradientKernels.ByLatent), latents, latentStarts, entryRows, byCode, byZ, thetas, alive, byBias, byTheta, firings, n);
            lane.Launch(
                typeof(SparseGradientKernels), nameof(SparseGradientKernels.ByWeight), (long)latents * width, latentStarts, entryRows, codes, byZ, g, x, bias, alive, byEncoder, byDecoder, n);
        });
    }
}
