using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>The features that tell a class from the rest best on their own: by the difference of means, in units of the feature's spread.</summary>
internal sealed class FeatureRanking
{
    private readonly Tensor _sums;
    private readonly Tensor _squares;
    private readonly long[] _counts;

    /// <summary>Starts with nothing; tensors are in the caller's scope.</summary>
    /// <param name="classes">The labels.</param>
    /// <param name="features">The features.</param>
    public FeatureRanking(int classes, int features)
    {
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
        double all = _counts.Sum();
        var mean = _sums.sum([0L]) / all;
        var spread = ((_squares / all) - mean.square()).clamp_min(0).sqrt().clamp_min(1e-12);
        var (_, places) = (Difference(label) / spread).abs().topk((int)Math.Min(count, spread.shape[0]));
        return [.. places.data<long>().ToArray().Select(place => (int)place)];
    }

    /// <summary>Which of some features are higher in a class than outside it, in the order given.</summary>
    public int[] Higher(int label, IReadOnlyList<int> features)
    {
        using var scope = NewDisposeScope();
        var difference = Difference(label);
        return [.. features.Where(feature => difference[feature].item<double>() > 0)];
    }

    /// <summary>The mean in the class less the mean outside it, float64.</summary>
    private Tensor Difference(int label)
    {
        double members = _counts[label], others = _counts.Sum() - members;
        return (_sums[label] / members) - ((_sums.sum([0L]) - _sums[label]) / Math.Max(1, others));
    }
}
