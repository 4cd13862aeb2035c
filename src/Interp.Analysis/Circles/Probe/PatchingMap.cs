namespace Interp.Analysis.Circles.Probe;

/// <summary>Where information about the sum flows: what putting one value of another prompt's run does, layer by layer.</summary>
public sealed record PatchingMap
{
    /// <summary>The site ("resid_pre", "attn_out", "mlp_out", "z").</summary>
    public required string Site { get; init; }

    /// <summary>The number that both prompts of a pair share: "alpha" or "beta".</summary>
    public required string Shared { get; init; }

    /// <summary>The columns: positions with the tokens of one prompt, or heads.</summary>
    public required string[] Columns { get; init; }

    /// <summary>The pairs.</summary>
    public required int Pairs { get; init; }

    /// <summary>The mean of (patched − corrupted)/(clean − corrupted) of the logit difference, [layer][column]: 1 where the value carries all that differs.</summary>
    public required double[][] Effects { get; init; }
}
