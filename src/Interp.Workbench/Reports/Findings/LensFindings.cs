using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Kinds of heads and tuned lenses in words.</summary>
internal static class LensFindings
{
    private static readonly (string Key, string Name)[] s_kinds =
        [("previousToken", "previous-token"), ("duplicateToken", "duplicate-token"), ("induction", "induction")];

    /// <summary>The strongest head of each kind.</summary>
    public static IEnumerable<Finding> OfHeads(ResultReader result)
    {
        var heads = result.List("heads").Select(head => new ResultReader(head)).ToList();
        if (heads.Count == 0)
        {
            yield break;
        }

        string Strongest((string Key, string Name) kind)
        {
            var head = heads.MaxBy(one => one.Number("repeated", kind.Key, "mul"));
            return $"the strongest {kind.Name} head is {NumberText.Of(head.Number("layer"))}.{NumberText.Of(head.Number("head"))} with {NumberText.Of(head.Number("repeated", kind.Key, "mul"))} (evenly spread: {NumberText.Of(result.Number("uniform", kind.Key, "mul"))})";
        }

        yield return new Finding(
            $"On repeated random tokens {Words.List(s_kinds.Select(Strongest))}.",
            $"The score is the share of attention that goes where the kind says. The model's loss is {NumberText.Of(result.Number("firstHalfLossNats"))} nats a token in the first half and {NumberText.Of(result.Number("secondHalfLossNats"))} in the repetition: without a drop nothing was copied.");
    }

    /// <summary>How much nearer the tuned lens comes than the logit lens.</summary>
    public static IEnumerable<Finding> OfTunedLens(ResultReader result)
    {
        var (logit, tuned) = (result.Numbers("logitLensNats"), result.Numbers("tunedLensNats"));
        if (logit.Count > 0 && tuned.Count == logit.Count)
        {
            yield return new Finding(
                $"The tuned lens comes within {NumberText.Of(tuned.Average())} nats a token of the model's own prediction on the mean over layers, {NumberText.Of(tuned[0])} at the first; the logit lens within {NumberText.Of(logit.Average())} and {NumberText.Of(logit[0])}.",
                "On batches that were not trained on. A lens tells what can be decoded from a layer, not what later layers use.");
        }
    }
}
