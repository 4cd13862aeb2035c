using Interp.Compute.Options;

namespace Interp.Analysis.Atoms.Training;

/// <summary>How a dictionary is trained. Lengths and thresholds are in units of the input scaled to unit mean square.</summary>
public sealed record AtomsOptions
{
    /// <summary>The kinds of dictionary.</summary>
    [Option("Kind of dictionary: jump-relu, top-k, batch-top-k, matryoshka, gated or relu; several are trained side by side on the same rows")]
    public IReadOnlyList<TrainedArchitecture> Architecture { get; init; } = [TrainedArchitecture.JumpRelu];

    /// <summary>The latents; 0 for four times the width of the activations.</summary>
    [Option("Latents of the dictionary; 0 takes four times the width of the activations; several are trained side by side", Minimum = 0, Maximum = 1 << 22, Unit = "latents")]
    public IReadOnlyList<int> Width { get; init; } = [0];

    /// <summary>The latents that should be active on a row; 0 for √d_in.</summary>
    [Option("Latents that should be active on a row, on average; 0 takes the root of the activations' width; several are trained side by side", Minimum = 0, Maximum = 1e6, Unit = "latents")]
    public IReadOnlyList<double> TargetL0 { get; init; } = [0];

    /// <summary>How sparsity is asked for.</summary>
    [Option("Sparsity term of the loss: steer towards the target, or pay for every active latent")]
    public SparsityTerm Sparsity { get; init; } = SparsityTerm.TargetL0;

    /// <summary>λ of the sparsity term.</summary>
    [Option("Weight of the sparsity term", Minimum = 0, Maximum = 1e6)]
    public double SparsityCoefficient { get; init; } = 1;

    /// <summary>The optimiser steps.</summary>
    [Option("Optimiser steps", Minimum = 1, Unit = "steps")]
    public int Steps { get; init; } = 4000;

    /// <summary>Rows a step.</summary>
    [Option("Rows in one step", Minimum = 1, Maximum = 1 << 20, Unit = "rows")]
    public int BatchSize { get; init; } = 512;

    /// <summary>The learning rate after the warm-up; 0 for 0.024/√d_in, which keeps steps in proportion to the entries of unit directions.</summary>
    [Option("Learning rate after the warm-up; 0 takes 0.024 over the root of the activations' width", Minimum = 0, Maximum = 1)]
    public double LearningRate { get; init; }

    /// <summary>The share of documents that training never sees.</summary>
    [Option("Share of the documents (or prompts) that training never sees", Minimum = 0, Maximum = 0.9)]
    public double HeldOutFraction { get; init; } = 0.1;

    /// <summary>Seed of the initial weights and of the resampling.</summary>
    [Option("Seed of the initial weights; several are trained side by side", Minimum = 0)]
    public IReadOnlyList<long> Seed { get; init; } = [1];

    /// <summary>Seed of the split and of the order of the rows, which all dictionaries of a run share.</summary>
    [Option("Seed of the held-out documents and of the order of the rows, which all dictionaries of a run share", Minimum = 0)]
    public long StreamSeed { get; init; } = 1;

    /// <summary>What is done about latents that never fire.</summary>
    [Option("What is done about latents that no longer fire", Advanced = true)]
    public DeadLatentRemedy DeadLatents { get; init; } = DeadLatentRemedy.PreActivation;

    /// <summary>The rows after which a silent latent counts as dead; 0 for a twentieth of the run, at most ten million.</summary>
    [Option("Rows without firing after which a latent counts as dead; 0 takes a twentieth of the run, at most ten million", Minimum = 0, Unit = "rows", Advanced = true)]
    public long DeadAfterRows { get; init; }

    /// <summary>The weight of AuxK.</summary>
    [Option("Weight of the loss by which dead latents learn what the living leave over (top-k kinds)", Minimum = 0, Maximum = 100, Advanced = true)]
    public double AuxiliaryCoefficient { get; init; } = 1.0 / 32;

    /// <summary>The weight of the loss that pulls dead latents towards their thresholds.</summary>
    [Option("Weight of the loss that pulls dead latents towards firing (pre-activation remedy)", Minimum = 0, Maximum = 1, Advanced = true)]
    public double PreActivationCoefficient { get; init; } = 3e-6;

    /// <summary>θ of every latent at the start; 0 gives each latent the threshold at which it fires on its share of the wanted L0.</summary>
    [Option("Threshold of every latent at the start; 0 lets each latent fire on its share of the wanted L0", Minimum = 0, Maximum = 10, Advanced = true)]
    public double InitialThreshold { get; init; }

    /// <summary>Where directions start.</summary>
    [Option("Where directions start: at random, or at training rows seen from their centre", Advanced = true)]
    public DirectionStart DirectionStart { get; init; }

    /// <summary>How the encoder starts.</summary>
    [Option("How the encoder starts: equal to the decoder, or tied to it through the activations' second moment", Advanced = true)]
    public EncoderStart EncoderStart { get; init; }

    /// <summary>The width ε of the window in which thresholds feel a gradient.</summary>
    [Option("Width of the window around a threshold in which it feels a gradient", Minimum = 1e-9, Maximum = 10, Advanced = true)]
    public double Bandwidth { get; init; } = 0.1;

    /// <summary>Whether the step's pseudo-derivative also reaches the pre-activation.</summary>
    [Option("Let the step's pseudo-derivative reach the encoder too", Advanced = true)]
    public bool StepGradientToInput { get; init; }

    /// <summary>The share of the run over which the sparsity term grows from nothing.</summary>
    [Option("Share of the steps over which the sparsity term grows from nothing", Minimum = 0, Maximum = 1, Advanced = true)]
    public double SparsityWarmup { get; init; } = 0.1;

    /// <summary>The share of the run over which the learning rate rises from a tenth.</summary>
    [Option("Share of the steps over which the learning rate rises from a tenth", Minimum = 0, Maximum = 1, Advanced = true)]
    public double LearningRateWarmup { get; init; } = 0.02;

    /// <summary>The share of the run over which the learning rate falls to nothing at its end.</summary>
    [Option("Share of the steps over which the learning rate falls to nothing at the end", Minimum = 0, Maximum = 1, Advanced = true)]
    public double LearningRateDecay { get; init; } = 0.2;

    /// <summary>Adam's β₁.</summary>
    [Option("Share of the gradient's running mean that is kept each step; empty takes 0 for jump-relu and gated, 0.9 for the others", Minimum = 0, Maximum = 0.999999, Advanced = true)]
    public double? Beta1 { get; init; }

    /// <summary>Adam's β₂.</summary>
    [Option("Share of the squared gradient's running mean that is kept each step", Minimum = 0, Maximum = 0.999999, Advanced = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>How often the held-out rows are looked at.</summary>
    [Option("Steps between points of the training curve", Minimum = 1, Unit = "steps", Advanced = true)]
    public int EvaluateEvery { get; init; } = 100;

    /// <summary>How often the state is saved.</summary>
    [Option("Steps between saved states that a run can be resumed from; 0 for none", Minimum = 0, Unit = "steps", Advanced = true)]
    public int CheckpointEvery { get; init; } = 1000;

    /// <summary>Whether to go on from a saved state.</summary>
    [Option("Go on from the state saved in the state folder, where there is one", Advanced = true)]
    public bool Resume { get; init; }

    /// <summary>Where states are saved and looked for; empty for the output folder, which a run that is stopped may take with it.</summary>
    [Option("Folder in which states are saved and looked for; a run that is stopped takes its output folder with it, so name one to resume", Advanced = true)]
    public string? StateFolder { get; init; }

    /// <summary>Which part of the grid to train, <c>i/n</c>; empty for all of it.</summary>
    [Option("Train one part of the grid only, 2/4 for the second of four; interp merge puts parts together", Advanced = true)]
    public string? Only { get; init; }

    /// <summary>The hook to train on where the activations hold several, or where they are captured first; empty for the only or default one.</summary>
    [Option("Hook to train on; empty for the only one, or the residual stream after the last block")]
    public string? Hook { get; init; }

    /// <summary>The hook that a transcoder writes; empty for an autoencoder.</summary>
    [Option("Hook that a transcoder should write, of the same capture; empty trains an autoencoder")]
    public string? TargetHook { get; init; }

    /// <summary>Whether a transcoder has a linear skip connection.</summary>
    [Option("Give a transcoder a linear skip connection", Advanced = true)]
    public bool Skip { get; init; }

    /// <summary>The tokens of text to capture first, where a model is given instead of activations.</summary>
    [Option("Tokens of the text to capture, where a model is given instead of activations", Minimum = 1, Maximum = 10_000_000_000, Unit = "tokens", Advanced = true)]
    public long Tokens { get; init; } = 50_000;

    /// <summary>Whether batches come from the running model instead of a captured sample.</summary>
    [Option("Train on activations as the model gives them, epoch after epoch, instead of on the captured --tokens alone, which then are the sample for scales and held-out documents")]
    public bool Live { get; init; }

    /// <summary>The rows that the live stream mixes.</summary>
    [Option("Rows of a live stream that are held in memory and mixed", Minimum = 1, Maximum = 1 << 28, Unit = "rows", Advanced = true)]
    public int BufferRows { get; init; } = 1 << 17;

    /// <summary>The length of the pieces that the text is cut into, where a model is given instead of activations.</summary>
    [Option("Length of the pieces of text, where a model is given instead of activations", Minimum = 1, Maximum = 1_000_000, Unit = "tokens", Advanced = true)]
    public int Context { get; init; } = 128;
}
