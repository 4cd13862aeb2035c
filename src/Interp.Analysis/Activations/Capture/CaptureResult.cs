namespace Interp.Analysis.Activations.Capture;

/// <summary>What was captured; the rows themselves are in the shards beside it.</summary>
public sealed record CaptureResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What was run: "modular-addition" or "text".</summary>
    public required string Kind { get; init; }

    /// <summary>The rows of every hook.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows left out as outliers.</summary>
    public long Dropped { get; init; }

    /// <summary>The documents run.</summary>
    public required long Documents { get; init; }

    /// <summary>The tokens of a full document, a begin token included.</summary>
    public required int Context { get; init; }

    /// <summary>The positions that became rows.</summary>
    public required CapturedPositions Positions { get; init; }

    /// <summary>The files of rows.</summary>
    public required int Shards { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The hooks.</summary>
    public required IReadOnlyList<CapturedHook> Hooks { get; init; }
}
