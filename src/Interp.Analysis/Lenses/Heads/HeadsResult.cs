namespace Interp.Analysis.Lenses.Heads;

/// <summary>What each head does on repeated random tokens and, where one is given, on a text.</summary>
public sealed record HeadsResult
{
    /// <summary>The positions of a prompt of random tokens, the begin token included.</summary>
    public required int Tokens { get; init; }

    /// <summary>How many prompts of random tokens were averaged.</summary>
    public required int Prompts { get; init; }

    /// <summary>How many prompts of the text; 0 without one.</summary>
    public required int TextPrompts { get; init; }

    /// <summary>The scores of every head, by layer.</summary>
    public required IReadOnlyList<HeadScores> Heads { get; init; }

    /// <summary>What evenly spread attention would score on the random tokens.</summary>
    public required PatternScores Uniform { get; init; }

    /// <summary>The same on the text, or null.</summary>
    public required PatternScores? TextUniform { get; init; }

    /// <summary>Cross-entropy in the first half of the random tokens, nats a token: nothing to predict from.</summary>
    public required double FirstHalfLossNats { get; init; }

    /// <summary>Cross-entropy in the second half, nats a token.</summary>
    public required double SecondHalfLossNats { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
