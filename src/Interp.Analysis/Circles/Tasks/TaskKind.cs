namespace Interp.Analysis.Circles.Tasks;

/// <summary>Which labels on a circle are asked about.</summary>
public enum TaskKind
{
    /// <summary>Days of the week: "Two days from Monday is", p = 7.</summary>
    Weekdays,

    /// <summary>Months of the year: "Two months from January is", p = 12.</summary>
    Months,

    /// <summary>a + b modulo p, in the prompts that the model ships.</summary>
    ModularAddition,

    /// <summary>Whole numbers by themselves: no sums, helix fits only.</summary>
    Numbers,
}
