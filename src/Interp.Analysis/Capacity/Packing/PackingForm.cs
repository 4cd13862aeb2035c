namespace Interp.Analysis.Capacity.Packing;

/// <summary>The forms that are fitted to packings.</summary>
public enum PackingForm
{
    /// <summary>ε = √(C ln k / d).</summary>
    JohnsonLindenstrauss,

    /// <summary>ε = √(C ln(k/d) / d), 0 where k ≤ d.</summary>
    OneParameter,

    /// <summary>ε = √(C [ln(kᵃ/d)]ᵇ / dᶜ), 0 where k ≤ d.</summary>
    FourParameter,
}
