using Interp.Analysis.Activations;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Starts dead latents again: each takes the direction of a row drawn in proportion to the square of its loss, seen from b_dec, an encoder
/// of the living ones' mean length, and the threshold that would have it fire on its share of the wanted L0.
/// </summary>
/// <remarks>
/// After Bricken et al., "Towards Monosemanticity" (2023), appendix on resampling. Two changes for JumpReLU: the threshold is set from the
/// rows, and so the encoder need not be shortened.
/// </remarks>
internal static class LatentResampler
{
    public static void Run(
        JumpReluParameters parameters, RowAdam optimizer, TrainingRows rows, Tensor dead, LearnerOptions options, int step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var latents = dead.nonzero().squeeze(1);
        var count = (int)latents.shape[0];
        var width = parameters.Encoder.shape[0];
        if (count == 0)
        {
            return;
        }

        var purpose = $"resampling {step}";
        using var sample = LearnerWeights.Sample(rows, options.Seed, purpose);
        var x = sample.Input;
        var centred = x - parameters.DecoderBias;
        var drawn = Draw(Losses(parameters, x, centred), count, SplitMix64.ForStream(options.Seed, purpose));
        var directions = centred.index_select(0, tensor(drawn, device: centred.device));
        directions = directions / directions.norm(1, keepdim: true).clamp_min(1e-12);

        var alive = dead.logical_not().nonzero().squeeze(1);
        var length = alive.shape[0] == 0 ? 1 : parameters.Encoder.index_select(0, alive).norm(1).mean().item<float>();
        var encoder = directions * length;
        var thresholds = LearnerWeights.Quantiles(centred.matmul(encoder.t()), options.TargetL0 / width);
        _ = parameters.Encoder.index_copy_(0, latents, encoder);
        _ = parameters.EncoderBias.index_fill_(0, latents, 0);
        _ = parameters.Decoder.index_copy_(0, latents, directions);
        _ = parameters.Thresholds.index_copy_(0, latents, thresholds);
        optimizer.Reset(latents, JumpReluParameters.PerLatent);
    }

    /// <summary>Points every direction at a training row of its own, seen from the centre, while there are any.</summary>
    public static void StartAtRows(Tensor directions, Tensor centre, TrainingRows rows, long seed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var order = new RowPermutation(rows.Split.Train.Length, seed, "first directions");
        var count = (int)Math.Min(directions.shape[0], rows.Split.Train.Length);
        using var batch = rows.Scaled([.. Enumerable.Range(0, count).Select(i => rows.Split.Train[order[i]])]);
        var centred = batch.Input - centre;
        var lengths = centred.norm(1, keepdim: true);
        var first = directions.narrow(0, 0, count);
        _ = first.copy_(where(lengths > 1e-6, centred / lengths.clamp_min(1e-6), first));
    }

    private static float[] Losses(JumpReluParameters parameters, Tensor x, Tensor centred)
    {
        var z = centred.matmul(parameters.Encoder.t()) + parameters.EncoderBias;
        var code = z * z.gt(parameters.Thresholds);
        return (code.matmul(parameters.Decoder) + parameters.DecoderBias - x).square().sum(1).square().data<float>().ToArray();
    }

    /// <summary>Draws places with probability proportional to their weight, with repeats.</summary>
    private static long[] Draw(float[] weights, int count, SplitMix64 random)
    {
        var sums = new double[weights.Length];
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sums[i] = total += weights[i];
        }

        var drawn = new long[count];
        for (var i = 0; i < count; i++)
        {
            var found = Array.BinarySearch(sums, random.NextDouble() * total);
            drawn[i] = Math.Min(found >= 0 ? found : ~found, weights.Length - 1);
        }

        return drawn;
    }
}
