namespace Interp.Analysis.Activations;

/// <summary>Where captured rows come from.</summary>
public sealed record ActivationOrigin
{
    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>What was run: "modular-addition" or "text".</summary>
    public string? Kind { get; init; }

    /// <summary>The modulus p of a modular-addition task: document a·p + b is the prompt [a, b, p]. Else null.</summary>
    public int? Modulus { get; init; }

    /// <summary>The tokens of a full document.</summary>
    public int Context { get; init; }

    /// <summary>Whether documents start with a begin token, which is no row.</summary>
    public bool BeginToken { get; init; }

    /// <summary>The positions kept: "all", or "last".</summary>
    public string? Positions { get; init; }

    /// <summary>The seed of the order of the documents.</summary>
    public long Seed { get; init; }
}
