using Interp.Analysis.Circles.Find;

namespace Interp.Analysis.Tests.Circles.Find;

public sealed class ClusterStabilityTests
{
    [Fact]
    public void A_cluster_overlaps_with_its_like_of_every_further_clustering()
    {
        var stability = new ClusterStability();
        Assert.Null(stability.Mean([1, 2]));
        stability.Add([[1, 2, 3], [4, 5]]);
        stability.Add([[1], [2, 3, 4, 5]]);
        Assert.Equal((1 + 0.4) / 2, stability.Mean([1, 2, 3])!.Value, 1e-12);
        Assert.Equal((1 + 0.5) / 2, stability.Mean([4, 5])!.Value, 1e-12);
        Assert.Equal(0, stability.Mean([9])!.Value);
    }
}
