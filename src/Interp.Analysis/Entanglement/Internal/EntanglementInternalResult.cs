namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The entropy profiles of weights.</summary>
public sealed record EntanglementInternalResult
{
    /// <summary>The unit of all entropies.</summary>
    public string Unit { get; } = "nats";

    /// <summary>A profile a matrix.</summary>
    public required IReadOnlyList<EntanglementProfile> Profiles { get; init; }

    /// <summary>The matrices without a profile.</summary>
    public required IReadOnlyList<UndefinedMatrix> Undefined { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
