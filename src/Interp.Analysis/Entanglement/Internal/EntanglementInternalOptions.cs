using Interp.Compute.Options;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>How the entropy profiles of weights are taken.</summary>
public sealed record EntanglementInternalOptions
{
    /// <summary>Which of the model's matrices, as names in which * stands for anything; empty for all.</summary>
    [Option("Which of the model's matrices, as names where * stands for anything (blocks.*.attn.W_Q); empty for all.")]
    public IReadOnlyList<string> Matrices { get; init; } = [];

    /// <summary>A model folder whose weights are subtracted first.</summary>
    [Option("A model folder whose weights are subtracted first, to measure what training changed; empty for none.")]
    public string? Base { get; init; }

    /// <summary>A low-rank adapter's folder, measured in place of a model or tensor.</summary>
    [Option("The folder of a low-rank adapter (adapter_model.safetensors), measured in place of a model; empty for none.")]
    public string? Adapter { get; init; }

    /// <summary>Whether the adapters or models saved during training are measured, one after the other.</summary>
    [Option("Measure what a tuning saved on its way (its steps folder), to see the profiles over training steps.")]
    public bool Steps { get; init; }

    /// <summary>How row and column sites are lined up.</summary>
    [Option("How row and column sites are lined up; interleaving hides the valley of a low-rank matrix.", Advanced = true)]
    public SiteLayout Layout { get; init; }

    /// <summary>The order of a dimension's prime factors.</summary>
    [Option("The order of a dimension's prime factors; of no account for powers of two.", Advanced = true)]
    public PrimeOrder PrimeOrder { get; init; }

    /// <summary>How many random matrices with the same singular values are drawn for each matrix.</summary>
    [Option("How many random matrices with the same singular values are drawn for each matrix.", Minimum = 0, Maximum = 1000, Unit = "draws")]
    public int Surrogates { get; init; } = 5;

    /// <summary>No surrogates are drawn for matrices whose √(longer side · rank) is larger.</summary>
    [Option("No surrogates are drawn where the square root of longer side times rank is above this, as each costs as much as the measurement.", Minimum = 1, Maximum = 1_000_000, Advanced = true)]
    public int SurrogateLimit { get; init; } = 512;

    /// <summary>The seed of the surrogates.</summary>
    [Option("The seed of the surrogates; the same seed gives the same numbers.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
