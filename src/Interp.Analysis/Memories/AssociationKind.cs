namespace Interp.Analysis.Memories;

/// <summary>Which associations are declared.</summary>
public enum AssociationKind
{
    /// <summary>Each token with its most frequent successor in the text where there is one, else with itself.</summary>
    Automatic,

    /// <summary>Each token with itself, as copying heads do.</summary>
    Identity,

    /// <summary>Each token with its most frequent successor in the text.</summary>
    Successor,

    /// <summary>The pairs that the options list.</summary>
    Pairs,

    /// <summary>Each weekday with the next.</summary>
    Weekdays,

    /// <summary>Each month with the next.</summary>
    Months,
}
