using Interp.Analysis.Circles.Tasks;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Pairs of a prompt and a donor: every problem with every other label at the site.</summary>
internal sealed class InterventionPairs
{
    /// <summary>β of the donors at the answer's site, as in the published code.</summary>
    private const int DonorNumber = 3;

    /// <summary>Lists the pairs, or a seeded choice of them.</summary>
    public InterventionPairs(CyclicTask task, InterventionSite site, int largest, long seed)
    {
        var byCell = task.Problems.Select((problem, index) => (problem, index)).ToDictionary(pair => (pair.problem.Alpha, pair.problem.Beta), pair => pair.index);
        var p = task.Period;
        var pairs = new List<(int Own, int Donor, int From, int To)>();
        for (var own = 0; own < task.Problems.Count; own++)
        {
            var problem = task.Problems[own];
            var from = site == InterventionSite.Alpha ? problem.Alpha : task.Answer(problem);
            for (var to = 0; to < p; to++)
            {
                var donor = site == InterventionSite.Alpha ? (to, problem.Beta) : ((to - DonorNumber + (DonorNumber * p)) % p, DonorNumber % p);
                if (to != from && byCell.TryGetValue(donor, out var index))
                {
                    pairs.Add((own, index, from, to));
                }
            }
        }

        if (pairs.Count > largest)
        {
            var order = SplitMix64.ForStream(seed, "intervention pairs").Permutation(pairs.Count);
            pairs = [.. order.Take(largest).Order().Select(i => pairs[i])];
        }

        Own = [.. pairs.Select(pair => pair.Own)];
        Donor = [.. pairs.Select(pair => pair.Donor)];
        From = [.. pairs.Select(pair => pair.From)];
        To = [.. pairs.Select(pair => pair.To)];
        Original = [.. Own.Select(own => task.Answer(task.Problems[own]))];
        Intended = [.. Original.Select((original, i) => (((original + To[i] - From[i]) % p) + p) % p)];
    }

    /// <summary>The problems that are changed.</summary>
    public int[] Own { get; }

    /// <summary>The problems that have the other label and all else the same (at the answer's site: β = 3).</summary>
    public int[] Donor { get; }

    /// <summary>The labels before.</summary>
    public int[] From { get; }

    /// <summary>The labels after.</summary>
    public int[] To { get; }

    /// <summary>The right answers before.</summary>
    public int[] Original { get; }

    /// <summary>The answers that should come out.</summary>
    public int[] Intended { get; }

    /// <summary>How many there are.</summary>
    public int Count => Own.Length;
}
