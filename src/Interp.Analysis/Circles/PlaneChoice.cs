namespace Interp.Analysis.Circles;

/// <summary>Which plane of points of more than two dimensions is looked at.</summary>
public enum PlaneChoice
{
    /// <summary>The columns as they are where there are two, else principal components.</summary>
    Automatic,

    /// <summary>Two columns as they are.</summary>
    Columns,

    /// <summary>Two principal components, after the mean is removed and without scaling.</summary>
    Components,
}
