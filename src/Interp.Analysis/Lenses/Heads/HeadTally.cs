using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Heads;

/// <summary>Collects one number a head for each prompt.</summary>
internal sealed class HeadTally
{
    private static readonly string[] s_names = ["previous", "duplicate", "induction"];
    private readonly Dictionary<string, List<double[]>> _values = [];

    /// <summary>Measures the patterns of all heads on one prompt.</summary>
    /// <param name="patterns">Float64 [head, query, key], heads of all layers.</param>
    /// <param name="ids">[p] int64.</param>
    /// <param name="options">What is left out.</param>
    public void Add(Tensor patterns, Tensor ids, HeadsOptions options)
    {
        using var scope = NewDisposeScope();
        var length = patterns.shape[1];
        var counted = ones(length, length, dtype: ScalarType.Float64);
        if (options.ExcludeFirst)
        {
            counted.select(1, 0).zero_();
        }

        counted = options.ExcludeCurrent ? counted - eye(length, dtype: ScalarType.Float64) * counted : counted;
        Tensor[] expected = [HeadPatterns.PreviousToken(length), HeadPatterns.DuplicateToken(ids), HeadPatterns.Induction(ids)];
        for (var i = 0; i < expected.Length; i++)
        {
            Keep($"{s_names[i]}.mul", HeadPatterns.Share(patterns, expected[i], counted));
            Keep($"{s_names[i]}.abs", HeadPatterns.Agreement(patterns, expected[i], counted));
        }

        Keep("self", patterns.diagonal(0, 1, 2).mean([1L]));
        Keep("first", patterns.select(2, 0).mean([1L]));

        // The first query sees one key and has no choice.
        var entropy = -(patterns * patterns.clamp_min(1e-300).log()).sum(2).slice(1, 1, length, 1);
        var most = (arange(1, length, dtype: ScalarType.Float64) + 1).log();
        Keep("entropy", (entropy / most).mean([1L]));
    }

    /// <summary>A head's means over prompts.</summary>
    public PatternScores Of(int head) => new()
    {
        PreviousToken = Detector("previous", head),
        DuplicateToken = Detector("duplicate", head),
        Induction = Detector("induction", head),
        Self = Mean("self", head),
        First = Mean("first", head),
        NormalisedEntropy = Mean("entropy", head),
    };

    private void Keep(string name, Tensor values)
    {
        if (!_values.TryGetValue(name, out var list))
        {
            _values.Add(name, list = []);
        }

        list.Add(values.cpu().data<double>().ToArray());
    }

    private DetectorScore Detector(string name, int head) => new(
        Mean($"{name}.mul", head), Mean($"{name}.abs", head), StandardError($"{name}.mul", head), StandardError($"{name}.abs", head));

    private double Mean(string name, int head) => _values[name].Average(prompt => prompt[head]);

    private double? StandardError(string name, int head)
    {
        var (values, mean) = (_values[name], Mean(name, head));
        return values.Count < 2 ? null : Math.Sqrt(values.Sum(prompt => Math.Pow(prompt[head] - mean, 2)) / (values.Count - 1) / values.Count);
    }
}
