using Interp.Analysis.Circles.Tasks;
using Interp.Analysis.Lenses;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Activation patching between prompts that share α or β (arXiv 2405.14860, appendix; arXiv 2309.16042).</summary>
internal static class PatchingMaps
{
    /// <summary>Pairs of prompts for each shared number, as in the published code.</summary>
    private const int PairCount = 20;

    private static readonly PatchingSite[] s_sites = [PatchingSite.ResidPre, PatchingSite.AttnOut, PatchingSite.MlpOut, PatchingSite.Z];

    /// <summary>All maps.</summary>
    public static IReadOnlyList<PatchingMap> Run(LanguageModel model, CyclicTask task, long seed, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var maps = new List<PatchingMap>();
        foreach (var shared in new[] { "alpha", "beta" })
        {
            var pairs = Pairs(task, shared == "alpha", SplitMix64.ForStream(seed, $"patching pairs {shared}"));
            foreach (var site in s_sites.Where(_ => pairs.Count > 0))
            {
                maps.Add(Map(model, task, site, shared, pairs, cancellation));
                progress?.Report(new StepProgress("patching maps", maps.Count, 2 * s_sites.Length, "maps"));
            }
        }

        return maps;
    }

    private static PatchingMap Map(
        LanguageModel model, CyclicTask task, PatchingSite site, string shared, List<(TaskProblem Clean, TaskProblem Corrupted)> pairs, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        foreach (var (clean, corrupted) in pairs)
        {
            using var inner = NewDisposeScope();
            var sweep = new PatchingSweep(
                model, Ids(clean), Ids(corrupted), new AnswerDirection(task.Candidates[task.Answer(clean)], task.Candidates[task.Answer(corrupted)]));
            var (high, low) = (sweep.CleanMetric(), sweep.CorruptedMetric());
            var effect = (sweep.Patch(site, null, cancellation).to(ScalarType.Float64) - low) / (high - low);
            sum = (sum is null ? effect : sum + effect).MoveToOuterDisposeScope();
        }

        var means = (sum! / pairs.Count).cpu();
        var columns = (int)means.shape[1];
        return new PatchingMap
        {
            Site = PatchingSweep.Word(site),
            Shared = shared,
            Columns = site == PatchingSite.Z ? [.. Enumerable.Range(0, columns).Select(head => $"head {head}")] : Words(model, pairs[0].Clean),
            Pairs = pairs.Count,
            Effects = [.. means.data<double>().ToArray().Chunk(columns)],
        };
    }

    /// <summary>Pairs with the same α or β, another answer, and the same number of tokens.</summary>
    private static List<(TaskProblem Clean, TaskProblem Corrupted)> Pairs(CyclicTask task, bool sharesAlpha, SplitMix64 random)
    {
        var pairs = new List<(TaskProblem, TaskProblem)>();
        for (var attempt = 0; attempt < 100 * PairCount && pairs.Count < PairCount; attempt++)
        {
            var (clean, corrupted) = (task.Problems[random.NextInt(task.Problems.Count)], task.Problems[random.NextInt(task.Problems.Count)]);
            var shares = sharesAlpha ? clean.Alpha == corrupted.Alpha : clean.Beta == corrupted.Beta;
            if (shares && task.Answer(clean) != task.Answer(corrupted) && clean.Ids.Length == corrupted.Ids.Length)
            {
                pairs.Add((clean, corrupted));
            }
        }

        return pairs;
    }

    private static string[] Words(LanguageModel model, TaskProblem problem) =>
        [.. problem.Ids.Select((id, position) => FormattableString.Invariant($"{position}: {model.Tokenizer?.TokenText(id) ?? $"#{id}"}"))];

    private static Tensor Ids(TaskProblem problem) => tensor(Array.ConvertAll(problem.Ids, id => (long)id), 1, problem.Ids.Length);
}
