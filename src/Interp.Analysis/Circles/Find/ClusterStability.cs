using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Circles.Find;

/// <summary>How much of a cluster comes back when the clustering is made again: its largest Jaccard overlap with a cluster of each further one.</summary>
internal sealed class ClusterStability
{
    private const double CutoffStep = 0.05;

    private readonly List<(Dictionary<int, int> Owner, int[] Sizes)> _runs = [];

    /// <summary>Makes the further clusterings: spectral ones of other seeds, neighbour graphs of cutoffs below and above.</summary>
    /// <param name="decoder">The decoder's rows.</param>
    /// <param name="latents">The latents that are clustered.</param>
    /// <param name="options">How, and how often.</param>
    /// <param name="progress">Receives each run.</param>
    /// <param name="cancellation">Stops between blocks and iterations.</param>
    public static ClusterStability Of(torch.Tensor decoder, int[] latents, FindOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var stability = new ClusterStability();
        for (var run = 1; run <= options.StabilityRuns; run++)
        {
            var shift = (run + 1) / 2 * CutoffStep * (run % 2 == 1 ? -1 : 1);
            var varied = options.Method == ClusterMethod.Spectral ? options with { Seed = options.Seed + run } : options with { Cutoff = Math.Clamp(options.Cutoff + shift, -1, 1) };
            stability.Add(LatentClusters.Of(decoder, latents, varied, null, cancellation));
            progress?.Report(new StepProgress("cluster again", run, options.StabilityRuns, "runs"));
        }

        return stability;
    }

    /// <summary>Takes a further clustering.</summary>
    internal void Add(int[][] clusters) => _runs.Add((
        clusters.SelectMany((cluster, id) => cluster.Select(latent => (latent, id))).ToDictionary(pair => pair.latent, pair => pair.id),
        Array.ConvertAll(clusters, cluster => cluster.Length)));

    /// <summary>The mean of a cluster's best overlaps, 0–1; null without further clusterings.</summary>
    public double? Mean(int[] cluster) => _runs.Count == 0 ? null : _runs.Average(run => cluster
        .Where(run.Owner.ContainsKey)
        .CountBy(latent => run.Owner[latent])
        .Select(shared => shared.Value / (double)(cluster.Length + run.Sizes[shared.Key] - shared.Value))
        .DefaultIfEmpty(0)
        .Max());
}
