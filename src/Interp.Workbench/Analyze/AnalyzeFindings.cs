namespace Interp.Workbench.Analyze;

/// <summary>What the whole line found, in short; null or empty for what was not looked for.</summary>
public sealed record AnalyzeFindings
{
    /// <summary>The frequencies on which the model computes; null for a model without a modular-addition task.</summary>
    public IReadOnlyList<int>? KeyFrequencies { get; init; }

    /// <summary>The frequencies that the embedding holds as clean circles and that the model does not use; null as above.</summary>
    public IReadOnlyList<int>? DecoyFrequencies { get; init; }

    /// <summary>The planes that are irreducible and whose angle follows one frequency of the labels, best first.</summary>
    public IReadOnlyList<CircularPlane> Planes { get; init; } = [];

    /// <summary>How far the dictionary of atoms can be trusted.</summary>
    public DictionaryFinding? Dictionary { get; init; }

    /// <summary>Clusters of the dictionary's latents, beside random sets of latents.</summary>
    public SaeClusterFinding? SaeClusters { get; init; }

    /// <summary>ε and the class of the token embedding.</summary>
    public CapacityFinding? Capacity { get; init; }

    /// <summary>The entropy between rows and columns of the weights, matrix by matrix.</summary>
    public IReadOnlyList<EntanglementFinding> Entanglement { get; init; } = [];

    /// <summary>The entanglement of attention.</summary>
    public AttentionFinding? Attention { get; init; }
}
