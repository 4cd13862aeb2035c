namespace Interp.Analysis.Activations.Capture;

/// <summary>Documents of token ids to run a model on.</summary>
internal interface ITokenSource
{
    /// <summary>What it is, for the manifest ("modular-addition", "text").</summary>
    string Kind { get; }

    /// <summary>The tokens of a full document.</summary>
    int Context { get; }

    /// <summary>About how many documents there are; 0 where it shows only while reading.</summary>
    long DocumentsExpected { get; }

    /// <summary>The documents in batches of equal length.</summary>
    /// <param name="tokensAtOnce">The tokens that a batch should have at most; at least one document is given.</param>
    /// <param name="cancellation">Stops between documents.</param>
    IEnumerable<TokenBatch> Batches(int tokensAtOnce, CancellationToken cancellation);
}
