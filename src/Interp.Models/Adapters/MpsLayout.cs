namespace Interp.Models.Adapters;

/// <summary>Which of the two cores of a matrix-product-state adapter carries the rank index r.</summary>
public enum MpsLayout
{
    /// <summary>The first: A[a, i·d₂ + j] = Σₓ G₁[a, i, x] G₂[x, j]; caps the entropy between d₁ and d₂ at ln χ.</summary>
    RankOnFirstCore,

    /// <summary>The second: A[a, i·d₂ + j] = Σₓ H₁[i, x] H₂[x, j, a].</summary>
    RankOnSecondCore,
}
