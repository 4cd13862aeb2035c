namespace Interp.Models.Hooks.Interventions;

/// <summary>What an intervention does to a value.</summary>
public enum InterventionKind
{
    /// <summary>value ← 0. Off the distribution that later layers know.</summary>
    Zero,

    /// <summary>value ← its mean over the reference's rows, at each position or, pooled, over all of them.</summary>
    Mean,

    /// <summary>value ← the value of a row of the reference, drawn with the seed (resample ablation).</summary>
    Resample,

    /// <summary>value ← the value of the reference's same row, or of its only one (arXiv 2202.05262).</summary>
    Patch,

    /// <summary>value ← the value of this very input's run without interventions; freezes patterns and norm scales.</summary>
    Freeze,

    /// <summary>value ← value + strength·(mean norm of the value)·v̂ (arXiv 2308.10248, 2312.06681).</summary>
    Steer,

    /// <summary>value ← value − strength·(value·v̂)v̂ for each given direction, made orthonormal (arXiv 2406.11717).</summary>
    Project,

    /// <summary>The coordinates in the span of the given directions are multiplied by the strength.</summary>
    ScaleSubspace,

    /// <summary>The coordinates in the span of the given directions become those of the reference's run (arXiv 2405.14860).</summary>
    SwapSubspace,
}
