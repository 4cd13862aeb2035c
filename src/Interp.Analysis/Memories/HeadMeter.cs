using Interp.Analysis.Memories.Scaling;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>Looks closely at one head: storage weights, truncation, predictions, and nulls on its spectrum and size.</summary>
internal sealed class HeadMeter(DeclaredAssociations associations, MemoriesOptions options, OperatorMeter meter, InterferenceTable interference, CancellationToken cancellation)
{
    private const int FewestUsable = 5;
    private const double InterferenceMultiple = 3;
    private const int SmallestProjection = 16;

    /// <summary>Measures.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The head.</param>
    /// <param name="keys">E <c>[N, d]</c>.</param>
    /// <param name="values">U <c>[M, d]</c>.</param>
    /// <param name="factors">The head's operator.</param>
    public HeadDetail Measure(int layer, int head, Tensor keys, Tensor values, HeadFactors factors)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (left, sigma, right) = factors.Decompose();
        var (readKeys, readValues) = (keys.matmul(right), values.matmul(left)); // [N, r], [M, r]
        var rank = (int)sigma.shape[0];
        var scores = meter.Score(readKeys * sigma, readValues);
        var weights = StorageWeights(scores, keys, values);
        var noise = sigma.norm().ToDouble() / Math.Sqrt(rank);
        var usable = weights.TakeWhile(weight => weight > InterferenceMultiple * noise).Count();
        var exponent = Exponent(weights, usable);
        var effective = EffectiveDimension(readKeys);
        int[] values1 = [.. associations.Targets.Select(targets => targets[0])];
        double[] stored = [.. weights.Select(weight => Math.Max(weight, 0))];
        var error = 1 - scores.Recall(1, associations.Probabilities);
        var spectrum = SameSpectrum(keys, values, sigma);
        var kept = Ranks(rank);
        var recalled = scores.Rank.Select(place => place == 1).ToArray();
        var count = Math.Max(recalled.Count(is1 => is1), 2);
        var rho = exponent?.Slope ?? 1;
        var projected = Projected(keys, values, left, sigma, right);
        return new HeadDetail
        {
            Layer = layer,
            Head = head,
            Rank = rank,
            EffectiveDimension = effective,
            StorageExponent = exponent,
            StorageExponentWithNorms = Exponent(scores.Target, usable),
            UsableKeys = usable,
            NegativeShare = weights.Count(weight => weight < 0) / (double)weights.Length,
            ThresholdRank = Threshold(recalled),
            Error = error,
            PredictedError = StoragePrediction.Error(stored, values1, associations.Probabilities, rank),
            PredictedErrorEffective = StoragePrediction.Error(stored, values1, associations.Probabilities, effective),
            SameSpectrumMean = spectrum.Average(),
            SameSpectrumUpper = OperatorMeter.Upper(spectrum),
            HebbianTwin = Twin(keys, values, values1, rho, rank),
            GaussianTwin = Gaussian((int)keys.shape[0], values1, (int)keys.shape[1], rho, rank),
            KeptRanks = kept,
            TruncatedErrors = [.. kept.Select(some => 1 - meter.Score(readKeys.narrow(1, 0, some) * sigma.narrow(0, 0, some), readValues.narrow(1, 0, some)).Recall(1, associations.Probabilities))],
            ProjectedWidths = [.. projected.Select(point => point.Width)],
            ProjectedErrors = [.. projected.Select(point => point.Mean)],
            ProjectedDeviations = [.. projected.Select(point => point.Deviation)],
            Interference = interference.Of(keys, values, weights, scores, failing => Strongest(readKeys * sigma, readValues, failing)),
            CapacityRatio = [count * 2 * Math.Log(count) / (rank * (double)keys.shape[1]), count * 2 * Math.Log(count) / ((double)rank * rank)],
            StorageWeights = weights,
            Margins = scores.Margins,
            IsRecalled = recalled,
        };
    }

    /// <summary>q̂ = uᵀWe/(‖u‖²‖e‖²), scaled to unit vectors' norms of the mean key and value so that the interference's size fits.</summary>
    private double[] StorageWeights(AssociationScores scores, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        var keyNorms = keys.square().sum([1L]).to(ScalarType.Float64).ToVector();
        var valueNorms = values.square().sum([1L]).to(ScalarType.Float64).ToVector();
        return [.. scores.Target.Select((score, key) => score / Math.Max(keyNorms[key] * valueNorms[associations.Targets[key][0]], 1e-300))];
    }

    private LineFit? Exponent(double[] weights, int usable)
    {
        var count = Math.Min(usable, weights.TakeWhile(weight => weight > 0).Count());
        return count < FewestUsable ? null : LineFit.Of([.. associations.Probabilities.Take(count).Select(value => Math.Log(value))], [.. weights.Take(count).Select(value => Math.Log(value))]);
    }

    /// <summary>1/E[cos²] of the projected keys over different keys.</summary>
    private static double EffectiveDimension(Tensor readKeys) =>
        1 / Math.Max(Compute.Kernels.Cosines.RowCosines.Moments(readKeys).MeanSquare, 1e-12);

    /// <summary>The error after keys and values are projected to fewer random dimensions, from 16 to d.</summary>
    private List<(int Width, double Mean, double Deviation)> Projected(Tensor keys, Tensor values, Tensor left, Tensor sigma, Tensor right)
    {
        var points = new List<(int, double, double)>();
        var width = (int)keys.shape[1];
        for (var some = Math.Min(SmallestProjection, width); options.Projections > 0; some = Math.Min(2 * some, width))
        {
            double[] errors = [.. Enumerable.Range(0, some == width ? 1 : options.Projections).Select(draw =>
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                Tensor Onto(Tensor rows, Tensor basis, string purpose)
                {
                    if (some == width)
                    {
                        return rows.matmul(basis);
                    }

                    var random = Basis(width, some, $"{purpose} projected to {some}, {draw}", rows.device);
                    return rows.matmul(random).matmul(random.t().matmul(basis));
                }

                return 1 - meter.Score(Onto(keys, right, "keys") * sigma, Onto(values, left, "values")).Recall(1, associations.Probabilities);
            })];
            var mean = errors.Average();
            points.Add((some, mean, Math.Sqrt(errors.Average(error => (error - mean) * (error - mean)))));
            if (some == width)
            {
                break;
            }
        }

        return points;
    }

    /// <summary>The strongest wrong value of some keys.</summary>
    private int[] Strongest(Tensor readKeys, Tensor readValues, int[] keys)
    {
        using var scope = NewDisposeScope();
        return [.. keys.Select(key =>
        {
            var scores = readValues.matmul(readKeys[key]);
            foreach (var target in associations.Targets[key])
            {
                scores[target] = float.NegativeInfinity;
            }

            return (int)scores.argmax().item<long>();
        })];
    }

    private double[] SameSpectrum(Tensor keys, Tensor values, Tensor sigma) =>
        [.. Enumerable.Range(0, options.NullDraws).Select(draw =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var left = Basis(values.shape[1], sigma.shape[0], $"left basis {draw}", values.device);
            var right = Basis(keys.shape[1], sigma.shape[0], $"right basis {draw}", keys.device);
            return meter.Score(keys.matmul(right) * sigma, values.matmul(left)).Recall(1, associations.Probabilities);
        }).Order()];

    private Tensor Basis(long width, long rank, string purpose, Device device)
    {
        var random = SplitMix64.ForStream(options.Seed, purpose);
        var numbers = new float[width * rank];
        foreach (ref var number in numbers.AsSpan())
        {
            number = (float)random.NextNormal();
        }

        return linalg.qr(tensor(numbers, width, rank)).Q.to(device);
    }

    /// <summary>Plain superposition with q = p^ρ of the same keys and values, cut to a rank.</summary>
    private double Twin(Tensor keys, Tensor values, int[] targets, double rho, int rank)
    {
        using var scope = NewDisposeScope();
        var weights = associations.Probabilities.Select(p => Math.Pow(p, rho)).ToArray();
        var matrix = HebbianMemory.Matrix(keys.to(ScalarType.Float64), values.to(ScalarType.Float64), targets, weights);
        var (left, sigma, rightTransposed) = linalg.svd(matrix, fullMatrices: false);
        var kept = Math.Min(rank, (int)sigma.shape[0]);
        var read = keys.to(ScalarType.Float64).matmul(rightTransposed.narrow(0, 0, kept).t()) * sigma.narrow(0, 0, kept);
        return meter.Score(read, values.to(ScalarType.Float64).matmul(left.narrow(1, 0, kept))).Recall(1, associations.Probabilities);
    }

    private double Gaussian(int keys, int[] targets, int width, double rho, int rank)
    {
        // Only values that some key has compete: others have no score of their own in a superposition.
        var distinct = targets.Distinct().ToArray();
        int[] own = [.. targets.Select(target => Array.IndexOf(distinct, target))];
        return Enumerable.Range(0, Math.Min(options.NullDraws, 5)).Average(draw =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (e, u) = HebbianMemory.Embeddings(keys, distinct.Length, Math.Min(rank, width), options.Seed + draw);
            var scores = HebbianMemory.Recall(e, u, own, [.. associations.Probabilities.Select(p => Math.Pow(p, rho))], cancellation);
            return scores.Recall(1, associations.Probabilities);
        });
    }

    private static int[] Ranks(int rank)
    {
        var kept = new List<int>();
        for (var some = 1; some < rank; some *= 2)
        {
            kept.Add(some);
        }

        return [.. kept, rank];
    }

    private static int? Threshold(bool[] recalled)
    {
        var right = 0;
        for (var key = 0; key < recalled.Length; key++)
        {
            right += recalled[key] ? 1 : 0;
            if (right < 0.5 * (key + 1))
            {
                return key + 1;
            }
        }

        return null;
    }
}
