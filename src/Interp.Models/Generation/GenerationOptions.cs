using Interp.Compute.Options;

namespace Interp.Models.Generation;

/// <summary>How a model goes on with a text.</summary>
public sealed record GenerationOptions
{
    /// <summary>The most tokens that are made.</summary>
    [Option("The most tokens that are made", Minimum = 1, Maximum = 1_000_000, Unit = "tokens")]
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>What logits are divided by before sampling; 0 takes the likeliest token each time (the lowest id among equals).</summary>
    [Option("What logits are divided by before sampling; 0 takes the likeliest token each time", Minimum = 0, Maximum = 100)]
    public double Temperature { get; init; }

    /// <summary>Samples among this many likeliest tokens only; 0 among all.</summary>
    [Option("Samples among this many likeliest tokens only; 0 among all", Minimum = 0, Maximum = 10_000_000, Unit = "tokens")]
    public int TopK { get; init; }

    /// <summary>Samples among the fewest likeliest tokens whose probabilities sum to at least this (nucleus sampling); 1 among all.</summary>
    [Option("Samples among the fewest likeliest tokens whose probabilities sum to at least this; 1 among all", Minimum = 0, Maximum = 1)]
    public double TopP { get; init; } = 1;

    /// <summary>The seed of the sampling.</summary>
    [Option("The seed of the sampling", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>What happens when the model's context is full.</summary>
    [Option("What happens when the model's context is full: fail, or slide on with the last tokens that fit", Advanced = true)]
    public FullContext WhenFull { get; init; }

    /// <summary>The tokens that end the text; null takes the tokenizer's.</summary>
    public IReadOnlyList<int>? StopIds { get; init; }
}
