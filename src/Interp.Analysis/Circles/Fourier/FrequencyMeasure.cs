namespace Interp.Analysis.Circles.Fourier;

/// <summary>What was measured of one frequency: spectrum, decodability and causality side by side.</summary>
public sealed record FrequencyMeasure
{
    /// <summary>k, from 1.</summary>
    public required int Frequency { get; init; }

    /// <summary>Whether it is one of the key frequencies.</summary>
    public required bool IsKey { get; init; }

    /// <summary>Its share of the embedding's energy, 0–1.</summary>
    public required double Power { get; init; }

    /// <summary>Its share of the logits' variance, 0–1.</summary>
    public required double LogitVarianceExplained { get; init; }

    /// <summary>The neurons above the threshold whose frequency it is.</summary>
    public required int Neurons { get; init; }

    /// <summary>Mean loss (nats) on the training pairs when it alone is taken out of the logits; null when not measured.</summary>
    public double? ExcludedLoss { get; init; }

    /// <summary>How well the angle 2πka/p is read from the embedding; null when not measured.</summary>
    public CircleProbe? EmbeddingProbe { get; init; }

    /// <summary>The same probe's fitted share with shuffled labels, 95th percentile; null when not measured.</summary>
    public double? EmbeddingProbeNull { get; init; }

    /// <summary>How well the angle 2πk(a + b)/p is read from the last residual stream; null when not measured.</summary>
    public CircleProbe? ResidualProbe { get; init; }

    /// <summary>Shape of the last residual stream on the plane that the probe reads; null but for the eight strongest key ones.</summary>
    public PlaneShape? ResidualShape { get; init; }

    /// <summary>Accuracy when the embedding keeps its mean and this plane only; null when not measured.</summary>
    public double? KeepAccuracy { get; init; }

    /// <summary>Accuracy when this plane is removed from the embedding; null when not measured.</summary>
    public double? RemoveAccuracy { get; init; }

    /// <summary>Rise of the mean loss (nats) on all pairs when this plane is removed from the embedding; null when not measured.</summary>
    public double? RemoveLossRise { get; init; }

    /// <summary>Rise of the mean loss (nats) when this plane of the first number is set to that of the next number; null when not measured.</summary>
    public double? PatchLossRise { get; init; }

    /// <summary>Whether removing it costs accuracy or loss; null when not measured.</summary>
    public bool? IsCausal { get; init; }
}
