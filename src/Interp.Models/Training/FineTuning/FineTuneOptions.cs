using Interp.Compute.Options;
using Interp.Models.Adapters;

namespace Interp.Models.Training.FineTuning;

/// <summary>How a model is tuned on a text.</summary>
public sealed record FineTuneOptions
{
    /// <summary>What is changed.</summary>
    [Option("What is changed: every weight, a low-rank adapter, or an adapter one factor of which is a matrix product state.")]
    public FineTuneMethod Method { get; init; } = FineTuneMethod.Lora;

    /// <summary>The matrices an adapter changes.</summary>
    [Option("The matrices an adapter changes, as module names (q_proj, v_proj), or attention, mlp, all-linear; empty for queries and values.")]
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>r.</summary>
    [Option("Rank r of an adapter.", Minimum = 1, Maximum = 65536)]
    public int Rank { get; init; } = 8;

    /// <summary>α.</summary>
    [Option("The adapter's product is multiplied by alpha over r (or over its root).", Minimum = 1e-6, Maximum = 1e6)]
    public double Alpha { get; init; } = 16;

    /// <summary>Whether the scale is α/√r.</summary>
    [Option("Divide alpha by the root of r instead of r (arXiv 2312.03732).")]
    public bool RankStabilised { get; init; }

    /// <summary>χ.</summary>
    [Option("Bond dimension of a matrix-product-state adapter.", Minimum = 1, Maximum = 65536)]
    public int Bond { get; init; } = 8;

    /// <summary>d₁.</summary>
    [Option("The first of the two sites that a matrix-product-state adapter splits the inputs into; 0 for the divisor closest to their root.", Minimum = 0, Maximum = 1_000_000, Advanced = true)]
    public int FirstSite { get; init; }

    /// <summary>Which core carries r.</summary>
    [Option("Which core of a matrix-product-state adapter carries the rank index; the paper's text does not settle it.", Advanced = true)]
    public MpsLayout MpsLayout { get; init; }

    /// <summary>The modules trained whole beside an adapter.</summary>
    [Option("Modules trained whole and saved beside an adapter, as module names (norm, embed_tokens), or norms for all of them; PEFT's modules_to_save.")]
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>How the text becomes rows.</summary>
    [Option("How the text becomes training rows: pieces of equal length, or its lines.")]
    public TextRows Rows { get; init; }

    /// <summary>Whether lines are not ended by the end token.</summary>
    [Option("Leave out the end token after each line; a head that was never trained on it cannot learn it through an adapter.", Advanced = true)]
    public bool WithoutEnd { get; init; }

    /// <summary>Positions a row.</summary>
    [Option("Positions of a row, at most what the model takes; longer lines are cut.", Minimum = 2, Maximum = 1_000_000, Unit = "tokens")]
    public int Length { get; init; } = 128;

    /// <summary>The share of rows kept out of training.</summary>
    [Option("The share of the rows that is kept out of training for the evaluation loss.", Minimum = 0.001, Maximum = 0.9)]
    public double HeldOut { get; init; } = 0.1;

    /// <summary>A text of its own for the evaluation.</summary>
    [Option("A text file of its own for the evaluation loss, in place of a share of the rows; empty for none.")]
    public string? EvaluationFile { get; init; }

    /// <summary>The most rows evaluated.</summary>
    [Option("The most rows that one evaluation takes.", Minimum = 1, Maximum = 1_000_000, Unit = "rows", Advanced = true)]
    public int EvaluationRows { get; init; } = 512;

    /// <summary>Steps.</summary>
    [Option("Optimiser steps.", Minimum = 1, Maximum = 100_000_000, Unit = "steps")]
    public int Steps { get; init; } = 500;

    /// <summary>Rows of one pass.</summary>
    [Option("Rows of one pass through the model.", Minimum = 1, Maximum = 1_000_000, Unit = "rows")]
    public int BatchSize { get; init; } = 16;

    /// <summary>Passes a step.</summary>
    [Option("Passes whose gradients are averaged into one step.", Minimum = 1, Maximum = 100_000, Unit = "passes")]
    public int Accumulate { get; init; } = 1;

    /// <summary>The learning rate after the warm-up.</summary>
    [Option("Learning rate after the warm-up; empty for 0.001 with an adapter and 0.0003 without.", Minimum = 0, Maximum = 10)]
    public double? LearningRate { get; init; }

    /// <summary>How the learning rate goes on.</summary>
    [Option("How the learning rate goes on after the warm-up.")]
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Steps of linear warm-up.</summary>
    [Option("Steps over which the learning rate rises from zero.", Minimum = 0, Maximum = 100_000_000, Unit = "steps")]
    public int WarmupSteps { get; init; } = 10;

    /// <summary>The gradient's largest norm.</summary>
    [Option("Gradients are scaled down to this norm over all tensors; 0 for no limit.", Minimum = 0, Maximum = 1e9)]
    public double ClipNorm { get; init; } = 1;

    /// <summary>Decoupled weight decay.</summary>
    [Option("Decoupled weight decay.", Minimum = 0, Maximum = 1000)]
    public double WeightDecay { get; init; }

    /// <summary>Steps between evaluations.</summary>
    [Option("Steps between evaluations on the held-out rows.", Minimum = 1, Maximum = 100_000_000, Unit = "steps")]
    public int EvaluateEvery { get; init; } = 50;

    /// <summary>Steps between saved adapters.</summary>
    [Option("Steps between adapters (or models) saved during training under steps/; 0 for none.", Minimum = 0, Maximum = 100_000_000, Unit = "steps")]
    public int SaveEvery { get; init; }

    /// <summary>Steps between resumable states.</summary>
    [Option("Steps between the states from which a stopped run goes on.", Minimum = 1, Maximum = 100_000_000, Unit = "steps", Advanced = true)]
    public int CheckpointEvery { get; init; } = 100;

    /// <summary>Whether the merged model is written too.</summary>
    [Option("Write the model with the adapter merged into it too, under merged/.")]
    public bool Merge { get; init; }

    /// <summary>The seed.</summary>
    [Option("Seed of the adapter's start, the held-out rows and the order of the batches.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; } = 1;

    /// <summary>The trainer's part of these options.</summary>
    internal TrainingOptions Training => new()
    {
        Seed = Seed,
        Steps = Steps,
        BatchSize = BatchSize,
        Accumulate = Accumulate,
        LearningRate = LearningRate ?? (Method == FineTuneMethod.Full ? 3e-4 : 1e-3),
        Schedule = Schedule,
        WarmupSteps = WarmupSteps,
        ClipNorm = ClipNorm,
        WeightDecay = WeightDecay,
        Beta2 = 0.999,
        EvaluateEvery = EvaluateEvery,
    };
}
