namespace Interp.Analysis.Atoms.Training;

/// <summary>Whose centre is wanted.</summary>
internal enum CentreOf
{
    /// <summary>Of the rows that are read.</summary>
    Input,

    /// <summary>Of the rows that are to be written.</summary>
    Target,
}
