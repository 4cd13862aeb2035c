namespace Interp.Analysis.Entanglement;

/// <summary>How the sites of a matrix are lined up.</summary>
public enum SiteLayout
{
    /// <summary>All factors of the rows, then all factors of the columns.</summary>
    RowsThenColumns,

    /// <summary>A factor of the rows, one of the columns, and so on.</summary>
    Interleaved,
}
