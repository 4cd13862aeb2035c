using Interp.Compute.Options;

namespace Interp.Analysis.Lenses.Heads;

/// <summary>On what heads are scored, and what is left out.</summary>
public sealed record HeadsOptions
{
    /// <summary>Random tokens in each half of a prompt; the second half repeats the first.</summary>
    [Option("Random tokens in each half of a prompt; the second half repeats the first.", Minimum = 2, Maximum = 8192, Unit = "tokens")]
    public int RepeatedTokens { get; init; } = 50;

    /// <summary>How many prompts are averaged.</summary>
    [Option("How many prompts are averaged, of random tokens and of the text.", Minimum = 1, Maximum = 100_000, Unit = "prompts")]
    public int Prompts { get; init; } = 10;

    /// <summary>Whether prompts start with the begin token, where the model has one.</summary>
    [Option("Whether prompts start with the begin token, where the model has one.")]
    public bool BeginToken { get; init; } = true;

    /// <summary>Whether attention to the first position is left out of the scores.</summary>
    [Option("Whether attention to the first position is left out of the scores.")]
    public bool ExcludeFirst { get; init; }

    /// <summary>Whether attention to the query's own position is left out of the scores.</summary>
    [Option("Whether attention to the query's own position is left out of the scores.")]
    public bool ExcludeCurrent { get; init; }

    /// <summary>The seed of the random tokens.</summary>
    [Option("The seed of the random tokens.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
