namespace Interp.Analysis.Circles.Find;

/// <summary>How the planes' scores (1 − M)·S make a cluster's score.</summary>
public enum ClusterRanking
{
    /// <summary>The largest.</summary>
    BestPlane,

    /// <summary>The mean.</summary>
    MeanPlane,

    /// <summary>Their sum over one more than their number, planes of mixture below 0.01 left out: the published order, which holds small clusters back.</summary>
    PaperRanking,
}
