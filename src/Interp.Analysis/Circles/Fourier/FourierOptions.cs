using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>What the Fourier analysis of a modular-addition model measures.</summary>
public sealed record FourierOptions
{
    /// <summary>The modulus p; 0 takes it from the model's own task.</summary>
    [Option("The modulus; 0 takes it from the model's own task", Minimum = 0, Maximum = 257)]
    public int Modulus { get; init; }

    /// <summary>The layer whose neurons are measured; −1 is the last.</summary>
    [Option("The layer whose neurons are measured; -1 is the last", Minimum = -1)]
    public int Layer { get; init; } = -1;

    /// <summary>The share of a neuron's variance that one frequency must explain.</summary>
    [Option("Share of a neuron's variance that one frequency must explain for the neuron to count", Minimum = 0, Maximum = 1)]
    public double Threshold { get; init; } = 0.85;

    /// <summary>Which Fourier coefficients of a neuron count as one frequency.</summary>
    [Option("Coefficients that count as one frequency: plain for ReLU and GELU, with-doubled for squares and absolute values")]
    public FrequencyBlock Block { get; init; } = FrequencyBlock.Plain;

    /// <summary>The share of logit variance from which a frequency is key when no neuron is above the threshold.</summary>
    [Option("Share of the logits' variance from which a frequency is key when no neuron is above the threshold", Minimum = 0, Maximum = 1, Advanced = true)]
    public double LogitThreshold { get; init; } = 0.02;

    /// <summary>How many of the embedding's strongest frequencies are probed and intervened on, beside the key ones.</summary>
    [Option("The embedding's strongest frequencies that are probed and removed one by one; key frequencies always are", Minimum = 0, Maximum = 128, Unit = "frequencies")]
    public int Frequencies { get; init; } = 8;

    /// <summary>Principal directions that the probes read; 0 takes two for each frequency that is key or has a twentieth of the energy.</summary>
    [Option("Principal directions that the circle probes read; 0 takes two for each key or strong frequency", Minimum = 0, Maximum = 1024, Advanced = true)]
    public int Components { get; init; }

    /// <summary>Shufflings of the labels for the probes' null.</summary>
    [Option("Shufflings of the labels behind the probes' null", Minimum = 1, Maximum = 1000, Unit = "draws", Advanced = true)]
    public int NullDraws { get; init; } = 40;

    /// <summary>The loss of accuracy from which a removed frequency counts as used.</summary>
    [Option("Accuracy lost on removal from which a frequency counts as used by the model", Minimum = 0, Maximum = 1, Advanced = true)]
    public double CausalDrop { get; init; } = 0.01;

    /// <summary>The rise of the loss from which a removed frequency counts as used.</summary>
    [Option("Rise of the loss on removal from which a frequency counts as used by the model", Minimum = 0, Unit = "nats", Advanced = true)]
    public double CausalLossRise { get; init; } = 0.01;

    /// <summary>Seed of the shuffled labels.</summary>
    [Option("Seed of the shuffled labels", Minimum = 0)]
    public long Seed { get; init; }
}
