namespace Interp.Analysis.Circles.Fourier;

/// <summary>How concentrated the neurons are on single frequencies.</summary>
public sealed record NeuronMeasures
{
    /// <summary>The best frequency's share of each neuron's variance, 0–1.</summary>
    public required double[] Shares { get; init; }

    /// <summary>The frequency that gives the share.</summary>
    public required int[] Frequencies { get; init; }

    /// <summary>Neurons with more than a thousandth of the greatest variance.</summary>
    public required int AliveCount { get; init; }

    /// <summary>The median share of the alive neurons.</summary>
    public required double MedianShare { get; init; }

    /// <summary>The share that a perfect single-frequency neuron of this activation reaches, bias 0; null for an unknown activation.</summary>
    public double? Ceiling { get; init; }

    /// <summary>The median over alive neurons of one frequency's share of the neuron's direct effect on the logits.</summary>
    public required double OutputMedianShare { get; init; }

    /// <summary>The median over alive neurons of the effect's inverse participation ratio; 0.5 for a pure cosine.</summary>
    public required double OutputInverseParticipation { get; init; }

    /// <summary>The same ratio of what the neurons read of the first number; null when that is not known.</summary>
    public double? InputInverseParticipation { get; init; }

    /// <summary>Whether the neurons add the angles that they read; null when that cannot be told.</summary>
    public PhaseAlignment? Phases { get; init; }

    /// <summary>The share of alive neurons that write the frequency that they read.</summary>
    public required double OutputAgreement { get; init; }
}
