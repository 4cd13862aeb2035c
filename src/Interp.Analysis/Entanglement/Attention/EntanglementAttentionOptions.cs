using Interp.Compute.Options;

namespace Interp.Analysis.Entanglement.Attention;

/// <summary>How the entropy profiles of attention are taken.</summary>
public sealed record EntanglementAttentionOptions
{
    /// <summary>Which matrix of a head is read as a state.</summary>
    [Option("Which matrix of a head is read as a state: the pattern after the softmax, or the scores before it.")]
    public AttentionState State { get; init; }

    /// <summary>The tokens of each prompt; cut down to a power of two, and to what the model takes.</summary>
    [Option("The tokens of each prompt of a text, cut down to a power of two and to what the model takes.", Minimum = 2, Maximum = 16384, Unit = "tokens")]
    public int Length { get; init; } = 128;

    /// <summary>How many prompts are averaged.</summary>
    [Option("How many prompts are averaged.", Minimum = 1, Maximum = 100_000, Unit = "prompts")]
    public int Prompts { get; init; } = 16;

    /// <summary>The shortest prefix in the series against length.</summary>
    [Option("The shortest prefix in the series of entropy against length.", Minimum = 2, Maximum = 16384, Unit = "tokens", Advanced = true)]
    public int ShortestPrefix { get; init; } = 8;

    /// <summary>A head is called a sink when the first token receives more than this share of its attention.</summary>
    [Option("A head is called a sink when the first token receives more than this share of its attention.", Minimum = 0, Maximum = 1, Advanced = true)]
    public double SinkMass { get; init; } = 0.5;

    /// <summary>A head is called uniform when its rows' entropies are more than this share of the largest they can have.</summary>
    [Option("A head is called uniform when its rows' entropies are more than this share of the largest they can have.", Minimum = 0, Maximum = 1, Advanced = true)]
    public double UniformEvenness { get; init; } = 0.9;

    /// <summary>A head is called local when the nearest eighth of the tokens receives more than this share of its attention.</summary>
    [Option("A head is called local when the nearest eighth of the tokens receives more than this share of its attention.", Minimum = 0, Maximum = 1, Advanced = true)]
    public double LocalMass { get; init; } = 0.5;

    /// <summary>The seed of the choice of prompts, where the model's own task has more than are averaged.</summary>
    [Option("The seed of the choice of prompts among those of the model's own task.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
