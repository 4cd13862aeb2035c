namespace Interp.Analysis.Lenses.Tuned;

/// <summary>How near each layer's lens comes to the model's own prediction, before and after training.</summary>
public sealed record TunedLensResult
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Tokens of a step, of the first batch.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Kullback–Leibler divergence of the logit lens from the final prediction on held-out batches, by the block that the stream enters, nats a token.</summary>
    public required double[] LogitLensNats { get; init; }

    /// <summary>The same of the tuned lens.</summary>
    public required double[] TunedLensNats { get; init; }

    /// <summary>The mean over layers of the training loss, by step, nats a token; at most 1000 points.</summary>
    public required IReadOnlyList<TunedLensPoint> History { get; init; }
}
