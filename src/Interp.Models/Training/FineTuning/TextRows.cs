namespace Interp.Models.Training.FineTuning;

/// <summary>How a text becomes training rows.</summary>
public enum TextRows
{
    /// <summary>Pieces of equal length, one after the other.</summary>
    Stream,

    /// <summary>One row a line, ended by the end token; empty lines are left out.</summary>
    Lines,
}
