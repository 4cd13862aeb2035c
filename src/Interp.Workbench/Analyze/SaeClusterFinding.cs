namespace Interp.Workbench.Analyze;

/// <summary>
/// What clusters of a dictionary's latents show, beside random sets of as many latents: some cluster always comes first, so a
/// score means something only above the control.
/// </summary>
/// <param name="Clusters">The clusters that were judged.</param>
/// <param name="BestScoreBits">The best cluster's score, bits; null without clusters.</param>
/// <param name="BestLatents">The best cluster's latents.</param>
/// <param name="ControlMeanBits">The mean score of the random sets, bits; null when none was judged.</param>
/// <param name="ControlQuantile95Bits">Their 95th percentile, bits; null when none was judged.</param>
/// <param name="ClustersAboveControl">The clusters above that percentile; a twentieth would be by chance.</param>
public sealed record SaeClusterFinding(
    int Clusters, double? BestScoreBits, IReadOnlyList<int> BestLatents, double? ControlMeanBits, double? ControlQuantile95Bits, int? ClustersAboveControl);
