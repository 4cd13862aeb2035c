using Interp.Analysis.Circles.Planes;

namespace Interp.Analysis.Circles.Homology;

/// <summary>The loops of a point cloud.</summary>
public sealed record HomologyResult
{
    /// <summary>Rows of the input.</summary>
    public required int Rows { get; init; }

    /// <summary>The width of the rows.</summary>
    public required int Dimension { get; init; }

    /// <summary>Different points whose distances were taken: rows, means of labels, or landmarks.</summary>
    public required int Points { get; init; }

    /// <summary>Whether they are landmarks.</summary>
    public required bool AreLandmarks { get; init; }

    /// <summary>The largest distance of a point from its nearest landmark; 0 where every point is one.</summary>
    public required double CoveringRadius { get; init; }

    /// <summary>The bars of first homology over Z₂, longest first, bars of length zero left out.</summary>
    public required PersistenceBar[] Bars { get; init; }

    /// <summary>How many bars there are, those not listed included.</summary>
    public required int BarCount { get; init; }

    /// <summary>The longest bar, or null where there is no loop.</summary>
    public PersistenceBar? Longest { get; init; }

    /// <summary>The bar of the regular polygon of as many points on a circle whose radius is the points' root mean square distance from their mean.</summary>
    public PersistenceBar? Polygon { get; init; }

    /// <summary>Death over birth of the longest bar; null without one.</summary>
    public double? LongestRatio { get; init; }

    /// <summary>Length of the longest bar over that of the second; null without a second.</summary>
    public double? LongestOverSecond { get; init; }

    /// <summary>Whether the longest bar has death/birth ≥ 2 and at least twice the length of the second.</summary>
    public required bool IsCircle { get; init; }

    /// <summary>The rows of the points: rows of the input, or labels.</summary>
    public required int[] PointRows { get; init; }

    /// <summary>Each point's place along the longest bar's loop, radians in [0, 2π); empty where there is none.</summary>
    public required double[] CircularCoordinates { get; init; }

    /// <summary>The frequency of the labels that the coordinates follow; null without labels or coordinates.</summary>
    public FrequencyFit? Fit { get; init; }

    /// <summary>First principal coordinates of the points.</summary>
    public required double[] ShownX { get; init; }

    /// <summary>Second principal coordinates.</summary>
    public required double[] ShownY { get; init; }

    /// <summary>What to keep in mind when reading the numbers, one line each.</summary>
    public required string[] Warnings { get; init; }
}
