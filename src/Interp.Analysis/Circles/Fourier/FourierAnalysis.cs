using Interp.Compute;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Finds the frequencies on which a model adds modulo p, and tests which of them it uses.</summary>
public static class FourierAnalysis
{
    /// <summary>The held-out share from which an embedding circle counts as clean.</summary>
    private const double CleanCircle = 0.9;

    /// <summary>The share of the embedding's energy from which a frequency's plane is among those that the probes read.</summary>
    private const double StrongPower = 0.05;

    /// <summary>The key frequencies, strongest in the logits first, whose planes are scored at most.</summary>
    private const int MostShapes = 8;

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AnalysisSources, FourierOptions, FourierResult>(
        "circles-fourier",
        "Fourier structure of modular addition",
        "Finds the frequencies on which a model adds modulo p and tests, by removing and moving their planes, which of them it uses.",
        SourceKinds.Model | SourceKinds.Tensor,
        (sources, _) => sources.Model is not null || sources.Tensor is not null
            ? sources
            : throw new InterpException("circles-fourier needs a model: name one that adds modulo p, clock-59 for example, or a quadratic network's FILE:W_out"),
        (sources, options, progress, cancellation) => sources.Model is { } model
            ? Run(model, options, progress, cancellation)
            : RunNetwork(sources.Tensor!, options, progress, cancellation),
        FourierFigures.Draw);

    /// <summary>Measures a model on all prompts [a, b, =] of its modular-addition task.</summary>
    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="options">What to measure.</param>
    /// <param name="progress">Receives the prompts read and then each intervention.</param>
    /// <param name="cancellation">Stops between two runs of the model.</param>
    /// <exception cref="InterpException">The model has no such task, is too small for it, or is not finite.</exception>
    /// <remarks>Cost: three runs of p² prompts for each frequency measured, and a few transforms of [p, p, neurons] in float64.</remarks>
    public static FourierResult Run(LanguageModel model, FourierOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var input = ModularAdditionReader.Read(model, options, progress, cancellation);
        return Run(input, options, progress, cancellation);
    }

    /// <summary>Measures a quadratic network.</summary>
    /// <param name="network">The network; stays the caller's.</param>
    /// <param name="options">What to measure; the modulus and the layer are the network's.</param>
    /// <param name="trainPairs">The training pairs a·p + b, or null when they are not known.</param>
    /// <param name="progress">Receives each intervention.</param>
    /// <param name="cancellation">Stops between two interventions.</param>
    public static FourierResult Run(
        QuadraticNetwork network,
        FourierOptions options,
        IReadOnlyList<int>? trainPairs = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var input = network.Tables(trainPairs);
        var (margin, optimal) = (network.NormalizedMargin(), QuadraticNetwork.OptimalMargin(network.Modulus));
        return Run(input, options, progress, cancellation) with { Margin = new MarginMeasure(margin, optimal, margin / optimal) };
    }

    private static FourierResult RunNetwork(string output, FourierOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var network = QuadraticNetwork.Load(output);
        return options.Modulus == 0 || options.Modulus == network.Modulus
            ? Run(network, options, null, progress, cancellation)
            : throw new InterpException($"the network of {output} adds modulo {network.Modulus}, not {options.Modulus}: leave the modulus out");
    }

    /// <summary>Measures tables over all pairs.</summary>
    internal static FourierResult Run(FourierInput input, FourierOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        CheckFinite(input);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(input.Modulus);
        using var scores = new PairScores(input.Modulus, input.TrainPairs);
        var spectrum = EmbeddingSpectrum.Of(input.Embedding, basis);
        var logitShares = LogitSpectrum.VarianceExplained(input.Logits, basis);
        cancellation.ThrowIfCancellationRequested();
        var read = input.Neurons is null ? null : NeuronConcentration.Of(input.Neurons, basis, options.Block);
        var keys = KeyFrequencies(read, logitShares, options);
        var sumPart = LogitSpectrum.SumPart(input.Logits, basis, keys);
        var restricted = scores.Losses(sumPart + input.Logits.mean([0, 1], keepdim: true));
        cancellation.ThrowIfCancellationRequested();

        using var probes = new FourierProbes(input, basis, Components(spectrum, keys, options), options);
        var measured = Measured(spectrum, keys, options);
        var planes = new PlaneIntervention(input, basis, 3 * (measured.Count + 1), progress, cancellation);
        var full = scores.Losses(input.Logits);
        var accuracy = scores.Accuracy(input.Logits);
        var shaped = keys.OrderByDescending(k => logitShares[k - 1]).Take(MostShapes).ToHashSet();
        var rows = new FrequencyMeasure[basis.FrequencyCount];
        for (var k = 1; k <= rows.Length; k++)
        {
            var row = new FrequencyMeasure
            {
                Frequency = k,
                IsKey = keys.Contains(k),
                Power = spectrum.Power[k - 1],
                LogitVarianceExplained = logitShares[k - 1],
                Neurons = read is null ? 0 : AboveThreshold(read, options).Count(neuron => read.Frequency[neuron] == k),
            };
            row = measured.Contains(k) ? Measure(row, input, options, basis, scores, probes, planes, full.All, accuracy) : row;
            rows[k - 1] = shaped.Contains(k) && probes.ResidualCloud(k) is { } cloud ? row with { ResidualShape = PlaneShape.Of(cloud, cancellation) } : row;
        }

        return new FourierResult
        {
            Modulus = input.Modulus,
            Layer = read is null ? null : input.Layer,
            KeyFrequencies = keys,
            FrequencyPower = spectrum.Power,
            EffectiveFrequencies = spectrum.EffectiveFrequencies,
            Gini = spectrum.Gini,
            LogitVarianceExplained = logitShares.Sum(),
            RestrictedLoss = restricted.All,
            ExcludedLoss = scores.Losses(input.Logits - sumPart).Train,
            NeuronsAboveThreshold = read is null ? null : AboveThreshold(read, options).Count() / (double)Math.Max(1, read.Alive.Count(alive => alive)),
            Threshold = options.Threshold,
            TrainPairs = input.TrainPairs is null ? "unknown" : "recorded",
            FullLosses = full,
            RestrictedLosses = restricted,
            Accuracy = accuracy,
            KeepKeyPlanesAccuracy = scores.Accuracy(planes.Keep(keys)),
            RemoveKeyPlanesAccuracy = scores.Accuracy(planes.Remove(keys)),
            PatchKeyPlanesAccuracy = scores.Accuracy(planes.PatchToNext(keys), shift: 1),
            DecoyFrequencies = [.. rows.Where(row => row.IsCausal == false && row.EmbeddingProbe!.HeldOutR2 >= CleanCircle).Select(row => row.Frequency)],
            Frequencies = rows,
            Neurons = read is null ? null : NeuronReport.Of(input, read, basis, options.Block),
            Planes = [.. keys.Select(k => EmbeddingGeometry.Plane(input.Embedding, basis, k))],
            EmbeddingVarianceShares = probes.EmbeddingShares[..Math.Min(12, probes.EmbeddingShares.Length)],
            ParticipationRatio = EmbeddingGeometry.ParticipationRatio(probes.EmbeddingShares),
            DistanceIrrelevance = EmbeddingGeometry.DistanceIrrelevance(scores.CorrectLogits(input.Logits)),
            GradientSymmetry = input.GradientSymmetry,
            SyntheticDecodeAccuracy = scores.AnswerAccuracy(input.Decode(probes.SyntheticResiduals(rows.Where(row => row.IsCausal == true).Select(row => row.Frequency)))),
            SquaredWeightNorm = input.SquaredWeightNorms.Values.Sum(),
            SquaredWeightNorms = input.SquaredWeightNorms,
            Training = input.Training,
        };
    }

    private static void CheckFinite(FourierInput input)
    {
        using var scope = NewDisposeScope();
        if (!input.Embedding.isfinite().all().ToBoolean() || !input.Logits.isfinite().all().ToBoolean())
        {
            throw new InterpException("the model's embedding or logits are not finite: load the checkpoint in float32, or train it again with a lower learning rate");
        }
    }

    private static int[] KeyFrequencies(NeuronConcentration? read, double[] logitShares, FourierOptions options)
    {
        var keys = read is null ? [] : AboveThreshold(read, options).Select(neuron => read.Frequency[neuron]).Distinct().Order().ToArray();
        return keys.Length > 0 ? keys : [.. Enumerable.Range(1, logitShares.Length).Where(k => logitShares[k - 1] > options.LogitThreshold)];
    }

    private static IEnumerable<int> AboveThreshold(NeuronConcentration read, FourierOptions options) =>
        Enumerable.Range(0, read.Share.Length).Where(neuron => read.Alive[neuron] && read.Share[neuron] > options.Threshold);

    private static int Components(EmbeddingSpectrum spectrum, int[] keys, FourierOptions options)
    {
        var planes = Enumerable.Range(1, spectrum.Power.Length).Count(k => keys.Contains(k) || spectrum.Power[k - 1] >= StrongPower);
        return options.Components > 0 ? options.Components : 2 * Math.Max(1, planes);
    }

    private static HashSet<int> Measured(EmbeddingSpectrum spectrum, int[] keys, FourierOptions options)
    {
        var strongest = Enumerable.Range(1, spectrum.Power.Length).OrderByDescending(k => spectrum.Power[k - 1]).Take(options.Frequencies);
        return [.. keys, .. strongest];
    }

    private static FrequencyMeasure Measure(
        FrequencyMeasure row, FourierInput input, FourierOptions options, FourierBasis basis, PairScores scores, FourierProbes probes, PlaneIntervention planes, double fullLoss, double accuracy)
    {
        using var scope = NewDisposeScope();
        int[] alone = [row.Frequency];
        var without = planes.Remove(alone);
        var removed = scores.Accuracy(without);
        var lossRise = scores.Losses(without).All - fullLoss;
        return row with
        {
            ExcludedLoss = scores.Losses(input.Logits - LogitSpectrum.SumPart(input.Logits, basis, alone)).Train,
            EmbeddingProbe = probes.Embedding(row.Frequency),
            EmbeddingProbeNull = probes.EmbeddingNull(row.Frequency),
            ResidualProbe = probes.Residual(row.Frequency),
            KeepAccuracy = scores.Accuracy(planes.Keep(alone)),
            RemoveAccuracy = removed,
            RemoveLossRise = lossRise,
            PatchLossRise = scores.Losses(planes.PatchToNext(alone)).All - fullLoss,
            IsCausal = accuracy - removed >= options.CausalDrop || lossRise >= options.CausalLossRise,
        };
    }
}
