using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>The features that tell a class from the rest best on their own: by the difference of means, in units of the feature's spread.</summary>
internal sealed class FeatureRanking
{
    private readonly Tensor _sums;
    private readonly Tensor _squares;
    private readonly long[] _counts;
    private readonly int _classes;

    /// <summary>Starts with nothing; tensors are in the caller's scope.</summary>
    /// <param name="classes">The labels.</param>
    /// <param name="features">The features.</param>
    public FeatureRanking(int classes, int features)
    {
        _classes = classes;
        _counts = new long[classes];
        _sums = zeros(classes, features, ScalarType.Float64);
        _squares = zeros(features, ScalarType.Float64);
    }

    /// <summary>Adds rows <c>[n, features]</c> with their labels.</summary>
    public void Add(Tensor rows, ReadOnlySpan<int> labels)
    {
        using var scope = NewDisposeScope();
        var exact = rows.to(ScalarType.Float64);
        var places = new long[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            places[i] = labels[i];
            _counts[labels[i]]++;
        }

        _ = _sums.index_add_(0, tensor(places), exact, 1);
        _ = _squares.add_(exact.square().sum([0L]));
    }

    /// <summary>The best features of a class, best first.</summary>
    public int[] Best(int label, int count)
    {
        using var scope = NewDisposeScope();
        double members = _counts[label], all = _counts.Sum();
        var total = _sums.sum([0L]);
        var mean = total / all;
        var spread = ((_squares / all) - mean.square()).clamp_min(0).sqrt().clamp_min(1e-12);
        var difference = (_sums[label] / members) - ((total - _sums[label]) / Math.Max(1, all - members));
        var (_, places) = (difference / spread).abs().topk((int)Math.Min(count, spread.shape[0]));
        return [.. places.data<long>().ToArray().Select(place => (int)place)];
    }

    /// <summary>The labels.</summary>
    public int Classes => _classes;
}
