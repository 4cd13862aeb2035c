namespace Interp.Analysis.Entanglement;

/// <summary>How an entropy grows with a size; see <see cref="ScalingFits"/>.</summary>
public enum ScalingLaw
{
    /// <summary>Area law: S = a.</summary>
    Area,

    /// <summary>Area law with a logarithm of the size: S = a + (c/3) ln T.</summary>
    AreaLogarithm,

    /// <summary>Calabrese–Cardy for an open chain: S = a + (c/6) ln[(2L/π) sin(πℓ/L)].</summary>
    CardyOpen,

    /// <summary>Calabrese–Cardy for a ring: S = a + (c/3) ln[(L/π) sin(πℓ/L)].</summary>
    CardyPeriodic,

    /// <summary>Volume law: S = a + b ℓ.</summary>
    Volume,
}
