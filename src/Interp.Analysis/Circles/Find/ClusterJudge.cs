using Interp.Analysis.Circles.Planes;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>Judges a group of latents by the planes of its reconstructions.</summary>
internal sealed class ClusterJudge(FindInput input, FindOptions options)
{
    /// <summary>Planes of smaller mixture are left out of the published ranking.</summary>
    private const double PaperSmallestMixture = 0.01;

    /// <summary>The planes of a group: principal components 0 and 1, 1 and 2, and so on.</summary>
    /// <param name="activity">What the group does; at least two tokens.</param>
    /// <param name="shown">The tokens whose coordinates the planes keep, by place; may be empty.</param>
    /// <param name="cancellation">Stops between planes and within each.</param>
    public FoundPlane[] Planes(GroupActivity activity, int[] shown, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var reconstructions = activity.Reconstructions(input.Decoder);
        var (n, d) = ((int)reconstructions.shape[0], (int)reconstructions.shape[1]);
        var components = PrincipalComponents.Fit(reconstructions, Math.Min(options.Components, Math.Min(n, d)));
        var scores = components.Scores(reconstructions).ToMatrix();
        var residues = Residues(activity);
        var (tokens, axes, basis) = input.Cycles.Count == 0 || TokenIds(activity) is not { } ids ? (null, null, null)
            : (ids, components.Components.ToTensor(), activity.Basis(input.Decoder));
        var planes = new FoundPlane[components.Variances.Length - 1];
        for (var i = 0; i < planes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var cloud = PlaneCloud.FromMatrix(scores, i, i + 1, "a cluster's reconstructions");
            var indices = PlaneIndices.Measure(cloud, options.Estimator, options.MixtureEstimator, options.Directions, options.Epsilon, options.Seed, cancellation);
            planes[i] = new FoundPlane
            {
                Components = [i, i + 1],
                SeparabilityBits = indices.Separability.Bits,
                Mixture = indices.Mixture.Share,
                Score = indices.Score,
                VarianceShare = components.ExplainedShare[i] + components.ExplainedShare[i + 1],
                Fit = residues is null ? null : FrequencyReader.Read(cloud.X, cloud.Y, residues, input.Modulus!.Value),
                Cycles = tokens is null ? [] : CycleReader.Read(input.Cycles, tokens, cloud.X, cloud.Y, axes!.narrow(0, i, 2), basis!),
                ShownX = [.. shown.Select(token => cloud.X[token])],
                ShownY = [.. shown.Select(token => cloud.Y[token])],
            };
        }

        return planes;
    }

    /// <summary>Where a cycle is found first in the ranking, with chance beside it.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="ranked">The activities of all judged clusters with their planes, best first.</param>
    /// <param name="controls">The planes of all judged random sets.</param>
    /// <param name="cancellation">Stops before the cluster is measured again.</param>
    public FoundCycle Find(
        TokenCycle cycle, IReadOnlyList<(int Id, GroupActivity Activity, FoundPlane[] Planes)> ranked, IEnumerable<FoundPlane[]> controls, CancellationToken cancellation)
    {
        var found = CycleReader.Find(cycle, [.. ranked.Select(cluster => (cluster.Id, cluster.Planes))], controls);
        if (found.Rank is not { } rank)
        {
            return found;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var activity = ranked[rank - 1].Activity;
        var plane = Planes(activity, [.. Enumerable.Range(0, activity.Rows.Count)], cancellation).First(plane => plane.Components.SequenceEqual(found.Components));
        var tokens = TokenIds(activity)!;
        return found with
        {
            TokenShare = CycleReader.Share(cycle, tokens),
            PValue = CycleReader.PValue(cycle, tokens, plane.ShownX, plane.ShownY, options.Seed),
            RandomOverlapQuantile95 = CycleReader.RandomOverlap(cycle, found.Fit!.Frequency, activity.Basis(input.Decoder), options.Seed),
        };
    }

    /// <summary>A cluster's score from those of its planes, bits.</summary>
    public static double Score(IReadOnlyList<FoundPlane> planes, ClusterRanking ranking)
    {
        double[] scores = [.. planes.Where(plane => ranking != ClusterRanking.PaperRanking || plane.Mixture >= PaperSmallestMixture).Select(plane => plane.Score)];
        return ranking switch
        {
            ClusterRanking.BestPlane => scores.DefaultIfEmpty(0).Max(),
            ClusterRanking.MeanPlane => scores.DefaultIfEmpty(0).Average(),

            // The published list of scores starts with a zero.
            ClusterRanking.PaperRanking => scores.Sum() / (scores.Length + 1),
            _ => throw new ArgumentOutOfRangeException(nameof(ranking), ranking, "unknown ranking"),
        };
    }

    /// <summary>The answers (a + b) mod p of a group's tokens, or null where they are none.</summary>
    public int[]? Residues(GroupActivity activity)
    {
        if (input is not { Modulus: { } modulus, Documents: { } documents })
        {
            return null;
        }

        // Rows ascend, so a few ranges of rows cover them.
        return [.. Looked(activity.Rows, documents).Select(pair => ((pair / modulus) + (pair % modulus)) % modulus)];
    }

    /// <summary>The token ids of a group's tokens, or null where they are not known.</summary>
    public int[]? TokenIds(GroupActivity activity) => input.TokenIds is { } read ? [.. Looked(activity.Rows, read)] : null;

    private static IEnumerable<int> Looked(IReadOnlyList<long> rows, Func<long, int, int[]> read)
    {
        const int Block = 8192;
        for (var i = 0; i < rows.Count;)
        {
            var first = rows[i];
            var last = i;
            while (last + 1 < rows.Count && rows[last + 1] < first + Block)
            {
                last++;
            }

            var values = read(first, (int)(rows[last] - first + 1));
            for (; i <= last; i++)
            {
                yield return values[(int)(rows[i] - first)];
            }
        }
    }
}
