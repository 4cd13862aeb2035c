using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Geometry;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>A dictionary's directions under several metrics, beside random ones and the neurons' axes.</summary>
internal sealed class DictionaryGeometry : IDisposable
{
    private const int CurvePoints = 200;

    private readonly SparseAutoencoder _dictionary;
    private readonly AtomicMetric? _activations;
    private readonly double[] _l0Shares;
    private readonly AtomsEvalOptions _options;
    private readonly Dictionary<(string Directions, string Metric), PairCoherence> _pairs = [];
    private readonly PairCoherence _aliveEuclidean;
    private readonly PairCoherence? _aliveAtomic;
    private readonly long[] _alive;

    public DictionaryGeometry(
        SparseAutoencoder dictionary, SecondMoment moment, double[] l0Shares, long[] alive, AtomsEvalOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        (_dictionary, _l0Shares, _alive, _options) = (dictionary, l0Shares, alive, options);
        var ridge = options.Ridge ?? AtomicMetric.RidgeFor(moment.Count, moment.Width);
        var directions = dictionary.DecoderDirections.to(ScalarType.Float64);
        var living = directions.index_select(0, tensor(alive));
        var random = Random(directions.shape, options.Seed);
        _aliveEuclidean = PairCoherence.Of(living, cancellation);
        Add("euclidean", null, directions, random, cancellation);
        if (moment.Count >= moment.Width)
        {
            _activations = AtomicMetric.Create(moment.Matrix(options.Centring), ridge);
            _aliveAtomic = PairCoherence.Of(_activations.Whiten(living), cancellation);
            Add("activations", _activations, directions, random, cancellation);
            using var shuffled = AtomicMetric.Create(moment.Shuffled(options.Centring), ridge);
            _pairs[("dictionary", "shuffled")] = PairCoherence.Of(shuffled.Whiten(directions), cancellation);
            _pairs[("neurons", "activations")] = PairCoherence.Of(_activations.Whiten(eye(moment.Width, dtype: ScalarType.Float64)), cancellation);
        }

        using var own = AtomicMetric.OfDirections(directions, ridge);
        using var ownOfRandom = AtomicMetric.OfDirections(random, ridge);
        _pairs[("dictionary", "own")] = PairCoherence.Of(own.Whiten(directions), cancellation);
        _pairs[("random", "own")] = PairCoherence.Of(ownOfRandom.Whiten(random), cancellation);
        Metric = new MetricSummary(
            moment.Count, (double)moment.Count / moment.Width, options.Centring, ridge, _activations?.Condition ?? double.NaN);
    }

    /// <summary>The metric behind the atomic numbers.</summary>
    public MetricSummary Metric { get; }

    public CoherenceSummary Coherence()
    {
        double n = _dictionary.Width, h = _dictionary.InputWidth;
        return new CoherenceSummary(
            _pairs[("dictionary", "euclidean")].Maximum,
            Atomic("dictionary")?.Maximum ?? double.NaN,
            _aliveEuclidean.Maximum,
            _aliveAtomic?.Maximum ?? double.NaN,
            n > h ? Math.Sqrt((n - h) / (h * (n - 1))) : 0);
    }

    public UniquenessSummary Uniqueness(int mostActive)
    {
        var euclidean = OverPairs(_pairs[("dictionary", "euclidean")]);
        if (Atomic("dictionary") is not { } atomic || Atomic("random") is not { } random)
        {
            return new UniquenessSummary(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, euclidean, false);
        }

        return new UniquenessSummary(
            OverPairs(atomic),
            OverAtoms(atomic),
            UniquenessBound.LargestSparsity(atomic.Maximum),
            OverPairs(random),
            _alive.Length > 1 ? OverPairs(_aliveAtomic!) : double.NaN,
            _alive.Length > 1 ? OverAtoms(_aliveAtomic!) : double.NaN,
            euclidean,
            atomic.Maximum < UniquenessBound.Bound(mostActive));
    }

    public IReadOnlyList<CoherenceRow> Controls()
    {
        var l0 = MeanL0();
        return
        [
            .. _pairs.Where(entry => entry.Key.Directions != "neurons").Select(entry =>
                new CoherenceRow(entry.Key.Directions, entry.Key.Metric, entry.Value.Maximum, OverPairs(entry.Value), OverAtoms(entry.Value), l0)),
            .. _pairs.Where(entry => entry.Key.Directions == "neurons").Select(entry =>
            {
                // A neuron basis uses all of its axes for every row.
                var bound = UniquenessBound.Bound(_dictionary.InputWidth);
                return new CoherenceRow("neurons", entry.Key.Metric, entry.Value.Maximum, entry.Value.ShareOfPairsBelow(bound), entry.Value.ShareOfAtomsBelow(bound), _dictionary.InputWidth);
            }),
        ];
    }

    /// <summary>Angles between a sample of activations.</summary>
    public IReadOnlyList<AngleSummary> Angles(ActivationStore store)
    {
        using var scope = NewDisposeScope();
        var order = new RowPermutation(store.Rows, _options.Seed, "angles");
        var rows = store.Gather([.. Enumerable.Range(0, (int)Math.Min(_options.AngleSample, store.Rows)).Select(i => order[i])]).to(ScalarType.Float64);
        return _activations is null
            ? [AngleMeasures.Of("euclidean", rows)]
            : [AngleMeasures.Of("euclidean", rows), AngleMeasures.Of("activations", _activations.Whiten(rows))];
    }

    /// <summary>How nearly the living latents' encoder is what the theory asks for.</summary>
    public EncoderAlignment Alignment()
    {
        if (_alive.Length == 0)
        {
            return new EncoderAlignment(double.NaN, double.NaN);
        }

        using var scope = NewDisposeScope();
        var living = tensor(_alive);
        var encoder = _dictionary.EncoderWeights.t().index_select(0, living).to(ScalarType.Float64);
        var decoder = _dictionary.DecoderDirections.index_select(0, living).to(ScalarType.Float64);
        var atomic = _activations is null ? double.NaN : Median(encoder, _activations.Unwhiten(_activations.Whiten(decoder)));
        return new EncoderAlignment(Median(encoder, decoder), atomic);
    }

    /// <summary>The greatest number of active latents that the coherence of living latents allows.</summary>
    public double LargestSparsity => _alive.Length > 1 ? UniquenessBound.LargestSparsity((_aliveAtomic ?? _aliveEuclidean).Maximum) : 1;

    /// <summary>The theory's windows for thresholds.</summary>
    /// <param name="store">The activations.</param>
    /// <param name="rows">Rows whose coefficients are looked at.</param>
    /// <param name="active">Quantiles of the active latents a row.</param>
    public IReadOnlyList<WindowSummary> Windows(ActivationStore store, long[] rows, Func<double, int> active)
    {
        if (_activations is null || _aliveAtomic is null || _dictionary.Thresholds is null || _alive.Length < 2)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        var lengths = WhitenedTie.Lengths(_dictionary.DecoderDirections, _activations);
        var coefficients = SupportMeasures.Coefficients(_dictionary, store, rows, lengths);
        if (coefficients.Length == 0)
        {
            return [];
        }

        var thresholds = (_dictionary.Thresholds.to(ScalarType.Float64) * lengths).index_select(0, tensor(_alive)).ToVector();
        var q = OverPairs(_aliveAtomic);
        return
        [
            SupportMeasures.Window("strict", _aliveAtomic.Maximum, Math.Max(1, active(1)), coefficients, thresholds),
            SupportMeasures.Window("quantile", _aliveAtomic.PairQuantile(q), Math.Max(1, active(q)), coefficients, thresholds),
        ];
    }

    public UniquenessCurve Curve(Func<double, int> active)
    {
        double[] quantiles = [.. Enumerable.Range(1, CurvePoints).Select(i => (double)i / CurvePoints)];
        var atomic = Atomic("dictionary");
        var random = Atomic("random");
        int[] sparsity = [.. quantiles.Select(active)];
        return new UniquenessCurve(
            quantiles,
            [.. quantiles.Select(q => atomic?.PairQuantile(q) ?? double.NaN)],
            [.. quantiles.Select(q => atomic?.AtomQuantile(q) ?? double.NaN)],
            [.. quantiles.Select(q => random?.PairQuantile(q) ?? double.NaN)],
            [.. sparsity.Select(k => UniquenessBound.Bound(k))],
            sparsity);
    }

    public void Dispose() => _activations?.Dispose();

    private void Add(string name, AtomicMetric? metric, Tensor directions, Tensor random, CancellationToken cancellation)
    {
        _pairs[("dictionary", name)] = PairCoherence.Of(metric?.Whiten(directions) ?? directions, cancellation);
        _pairs[("random", name)] = PairCoherence.Of(metric?.Whiten(random) ?? random, cancellation);
    }

    private PairCoherence? Atomic(string directions) => _pairs.GetValueOrDefault((directions, "activations"));

    private double OverPairs(PairCoherence pairs) => UniquenessBound.QStar(pairs.ShareOfPairsBelow, _l0Shares);

    private double OverAtoms(PairCoherence pairs) => UniquenessBound.QStar(pairs.ShareOfAtomsBelow, _l0Shares);

    private double MeanL0() => _l0Shares.Select((share, active) => active * (share - (active > 0 ? _l0Shares[active - 1] : 0))).Sum();

    private static double Median(Tensor a, Tensor b) => nn.functional.cosine_similarity(a, b, 1).median().item<double>();

    private static Tensor Random(ReadOnlySpan<long> shape, long seed)
    {
        var random = SplitMix64.ForStream(seed, "random directions");
        var values = new double[shape[0], shape[1]];
        foreach (ref var value in MatrixConversion.Span(values))
        {
            value = random.NextNormal();
        }

        return values.ToTensor();
    }
}
