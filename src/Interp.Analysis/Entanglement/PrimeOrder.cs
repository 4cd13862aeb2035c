namespace Interp.Analysis.Entanglement;

/// <summary>In which order a dimension's prime factors become sites.</summary>
public enum PrimeOrder
{
    /// <summary>Smallest first.</summary>
    Ascending,

    /// <summary>Largest first.</summary>
    Descending,
}
