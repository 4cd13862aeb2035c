namespace Interp.Analysis.Circles.Separability;

/// <summary>How the mutual information of the two coordinates is estimated; values of different estimators are not comparable.</summary>
public enum SeparabilityEstimator
{
    /// <summary>Plug-in estimate on a 10 × 10 histogram from minimum to maximum, 100 angles over the full turn; made the published ranking.</summary>
    PaperRanking,

    /// <summary>The same histogram at 25 angles over a quarter turn, after which angles repeat up to swap and sign of the axes.</summary>
    Fast,

    /// <summary>The published figures' variant: 40 × 40 cells on [−3, 3]², the cloud divided by its mean square, 1000 angles.</summary>
    Demo,

    /// <summary>As Demo, but the cloud is divided by its root mean square, so that its scale does not matter.</summary>
    DemoRms,

    /// <summary>As PaperRanking, with the Miller–Madow bias of occupied cells subtracted at every angle; may be slightly negative.</summary>
    MillerMadow,

    /// <summary>The nearest-neighbour estimate of Kraskov, Stögbauer and Grassberger, k = 5, at 25 angles over a quarter turn.</summary>
    Ksg,
}
