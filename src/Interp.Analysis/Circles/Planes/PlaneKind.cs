namespace Interp.Analysis.Circles.Planes;

/// <summary>How a plane was chosen.</summary>
public enum PlaneKind
{
    /// <summary>Two principal components; labels were not used.</summary>
    Components,

    /// <summary>The plane from which one frequency of the label is read best; labels were used.</summary>
    Frequency,
}
