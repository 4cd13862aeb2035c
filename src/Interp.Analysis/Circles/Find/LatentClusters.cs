using Interp.Compute;
using Interp.Compute.Clustering;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>Clusters of latents by the cosines of their decoder rows.</summary>
internal static class LatentClusters
{
    /// <summary>Latents for each spectral cluster where no number is asked for; the published runs made 1000 of 24 576.</summary>
    private const int LatentsPerCluster = 25;

    /// <summary>Clusters the chosen latents.</summary>
    /// <param name="decoder">The decoder's rows <c>[d_sae, d]</c>; scaled to unit length here.</param>
    /// <param name="latents">The latents to cluster, ascending.</param>
    /// <param name="options">The method and its settings.</param>
    /// <param name="progress">Receives the blocks of neighbours.</param>
    /// <param name="cancellation">Stops between blocks and iterations.</param>
    /// <returns>The clusters in the order of their numbers, each with its latents ascending.</returns>
    public static int[][] Of(Tensor decoder, int[] latents, FindOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        if (latents.Length < 3)
        {
            return [.. latents.Select(latent => new[] { latent })];
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var rows = decoder.detach().index_select(0, tensor(latents, device: decoder.device)).to(ScalarType.Float32);
        var unit = rows / rows.norm(1, keepdim: true).clamp_min(float.Epsilon);
        var labels = options.Method == ClusterMethod.NeighbourGraph
            ? ConnectedComponents.Label(NeighbourGraph.Build(unit, Math.Min(options.Neighbours, latents.Length - 1), progress, cancellation), options.Cutoff)
            : SpectralClustering.Fit(unit, Spectral(options, latents.Length), progress, cancellation).Labels;
        return [.. latents.Zip(labels).GroupBy(pair => pair.Second, pair => pair.First).OrderBy(cluster => cluster.Key).Select(cluster => cluster.ToArray())];
    }

    /// <summary>The mean cosine of all pairs of a cluster's rows: (‖Σu‖² − n)/(n(n − 1)).</summary>
    public static double MeanCosine(Tensor decoder, int[] latents)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var rows = decoder.detach().index_select(0, tensor(latents, device: decoder.device)).to(ScalarType.Float64);
        var unit = rows / rows.norm(1, keepdim: true).clamp_min(double.Epsilon);
        return (unit.sum([0L]).square().sum().ToDouble() - latents.Length) / ((double)latents.Length * (latents.Length - 1));
    }

    private static SpectralClusteringOptions Spectral(FindOptions options, int latents) => new()
    {
        Clusters = Math.Min(latents, options.Clusters > 0 ? options.Clusters : Math.Max(2, (int)Math.Round((double)latents / LatentsPerCluster))),
        Affinity = options.Affinity,
        Seed = options.Seed,
    };
}
