using Interp.Compute.Statistics;
using TorchSharp;

namespace Interp.Analysis.Memories;

/// <summary>Turns scores into recall, with the null of permuted associations.</summary>
internal sealed class OperatorMeter
{
    private const double UpperShare = 0.975;

    private readonly DeclaredAssociations _associations;
    private readonly HashSet<int>[] _targets;
    private readonly int[][] _permutations;
    private readonly double[] _equal;
    private readonly CancellationToken _cancellation;

    public OperatorMeter(DeclaredAssociations associations, MemoriesOptions options, CancellationToken cancellation)
    {
        _associations = associations;
        _cancellation = cancellation;
        _targets = [.. associations.Targets.Select(targets => targets.ToHashSet())];
        var random = SplitMix64.ForStream(options.Seed, "permuted associations");
        _permutations = [.. Enumerable.Range(0, options.Permutations).Select(_ => random.Permutation(associations.Keys.Length))];
        _equal = [.. associations.Keys.Select(_ => 1.0)];
    }

    /// <summary>Scores keys against values.</summary>
    public AssociationScores Score(torch.Tensor keys, torch.Tensor values) => AssociationScores.Of(keys, values, _associations.Targets, _cancellation);

    /// <summary>The recall of one operator.</summary>
    public OperatorRecall Recall(string kind, int? layer, int? head, AssociationScores scores)
    {
        var weights = _associations.Probabilities;
        var recall = scores.Recall(1, weights);
        var permuted = _permutations.Select(order => Permuted(scores, order)).Order().ToArray();
        return new OperatorRecall
        {
            Kind = kind,
            Layer = layer,
            Head = head,
            Recall1 = recall,
            Recall5 = scores.Recall(5, weights),
            Recall10 = scores.Recall(10, weights),
            Recall100 = scores.Recall(100, weights),
            PlainRecall1 = scores.Recall(1, _equal),
            PlainRecall10 = scores.Recall(10, _equal),
            MedianMargin = Geometry.NeighbourDimensions.Median(scores.Margins),
            PermutedMean = permuted.Average(),
            PermutedUpper = Upper(permuted),
            PValue = (1.0 + permuted.Count(value => value >= recall)) / (1.0 + permuted.Length),
        };
    }

    /// <summary>The 97.5th percentile of values in ascending order.</summary>
    public static double Upper(double[] ascending) => ascending[(int)Math.Ceiling(UpperShare * (ascending.Length - 1))];

    /// <summary>Which operators pass the permutations at a false discovery rate (Benjamini–Hochberg).</summary>
    public static bool[] Discoveries(IReadOnlyList<double> pValues, double rate)
    {
        var order = Enumerable.Range(0, pValues.Count).OrderBy(place => pValues[place]).ToArray();
        var last = Array.FindLastIndex(order, place => pValues[place] <= rate * (Array.IndexOf(order, place) + 1) / order.Length);
        var passes = new bool[pValues.Count];
        foreach (var place in order.Take(last + 1))
        {
            passes[place] = true;
        }

        return passes;
    }

    private double Permuted(AssociationScores scores, int[] order)
    {
        var right = 0.0;
        for (var key = 0; key < order.Length; key++)
        {
            right += _targets[order[key]].Contains(scores.Winner[key]) ? _associations.Probabilities[key] : 0;
        }

        return right;
    }
}
