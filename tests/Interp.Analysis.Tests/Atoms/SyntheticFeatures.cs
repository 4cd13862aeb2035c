using Interp.Analysis.Activations;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms;

/// <summary>Rows that are sparse non-negative sums of known unit directions.</summary>
internal static class SyntheticFeatures
{
    public const string Hook = "blocks.0.hook_resid_post";

    /// <summary>Writes rows x = Σ codes·direction: each direction is active with probability active/directions, with a size from ½ to 1½.</summary>
    /// <returns>The directions <c>[directions, width]</c>, owned by the caller.</returns>
    public static Tensor Write(string folder, int rows, int width, int directions, double active, long seed = 1)
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(seed, "synthetic features");
        var truth = RandomTensor.Normal(directions, width, seed);
        truth = truth / truth.norm(1, keepdim: true);
        var codes = new float[rows * directions];
        foreach (ref var code in codes.AsSpan())
        {
            code = random.NextDouble() < active / directions ? (float)(0.5 + random.NextDouble()) : 0;
        }

        int[] index = [.. Enumerable.Range(0, rows)];
        using var writer = ActivationWriter.Create(folder, [new(Hook, width)], new ActivationOrigin { Model = "synthetic", Context = 1 });
        writer.Add([tensor(codes, rows, directions).matmul(truth)], index, index, new int[rows]);
        writer.Complete();
        return truth.MoveToOuterDisposeScope();
    }

    /// <summary>The mean over true directions of the largest cosine with a found one.</summary>
    public static double MeanLargestCosine(Tensor truth, Tensor found)
    {
        using var scope = NewDisposeScope();
        return truth.matmul((found / found.norm(1, keepdim: true)).t()).amax([1L]).mean().item<float>();
    }
}
