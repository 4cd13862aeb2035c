using Interp.Compute.Clustering;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Clustering;

public sealed class ConnectedComponentsTests
{
    [Fact]
    public void Components_are_numbered_by_their_smallest_vertex() =>
        Assert.Equal([0, 1, 0, 2, 1, 0], ConnectedComponents.Label(6, [(5, 2), (4, 1), (2, 0), (0, 5)]));

    [Fact]
    public void Labels_agree_with_a_flood_fill()
    {
        var random = new SplitMix64(3);
        for (var round = 0; round < 20; round++)
        {
            var edges = Enumerable.Range(0, 25).Select(_ => (random.NextInt(40), random.NextInt(40))).ToArray();
            var labels = ConnectedComponents.Label(40, edges);
            Assert.Equal(Flood(40, edges), labels);
        }
    }

    [Fact]
    public void Edges_at_or_below_the_cutoff_do_not_join()
    {
        // Two pairs at cosine 0.8 each, all other cosines at most 0.6.
        using var rows = tensor(new double[,] { { 1, 0, 0 }, { 0.8, 0.6, 0 }, { 0, 0, 1 }, { 0, 0.6, 0.8 } });
        var graph = NeighbourGraph.Build(rows, 1);
        Assert.Equal([0, 0, 1, 1], ConnectedComponents.Label(graph, 0.7));
        Assert.Equal([0, 1, 2, 3], ConnectedComponents.Label(graph, 0.9));
    }

    [Fact]
    public void An_edge_to_a_missing_vertex_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectedComponents.Label(2, [(0, 2)]));

    private static int[] Flood(int count, (int, int)[] edges)
    {
        var labels = Enumerable.Repeat(-1, count).ToArray();
        var next = 0;
        for (var start = 0; start < count; start++)
        {
            if (labels[start] >= 0)
            {
                continue;
            }

            labels[start] = next;
            for (var changed = true; changed;)
            {
                changed = false;
                foreach (var (a, b) in edges)
                {
                    if ((labels[a] == next) != (labels[b] == next))
                    {
                        labels[a] = labels[b] = next;
                        changed = true;
                    }
                }
            }

            next++;
        }

        return labels;
    }
}
