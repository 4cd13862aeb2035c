namespace Interp.Compute.Clustering;

/// <summary>The connected components of an undirected graph, by union–find with path halving.</summary>
public static class ConnectedComponents
{
    /// <summary>Labels every vertex with its component; components are numbered by their smallest vertex.</summary>
    /// <param name="count">The number of vertices.</param>
    /// <param name="edges">Pairs of vertices; order and repetition do not matter.</param>
    /// <returns>The component of each vertex, from 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An edge names a vertex that does not exist.</exception>
    public static int[] Label(int count, IEnumerable<(int First, int Second)> edges)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(edges);
        var parent = Enumerable.Range(0, count).ToArray();
        foreach (var (first, second) in edges)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)count, nameof(edges));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)second, (uint)count, nameof(edges));
            var (one, other) = (Root(parent, first), Root(parent, second));

            // The smaller root stays the root, so every root is its component's smallest vertex.
            parent[Math.Max(one, other)] = Math.Min(one, other);
        }

        var labels = new int[count];
        var components = 0;
        for (var vertex = 0; vertex < count; vertex++)
        {
            var root = Root(parent, vertex);
            labels[vertex] = root == vertex ? components++ : labels[root];
        }

        return labels;
    }

    /// <summary>
    /// Labels the components of a neighbour graph after its edges of similarity above a cutoff are made undirected (the
    /// recipe of arXiv 2405.14860 for Mistral: k = 2, cutoff 0.5).
    /// </summary>
    /// <param name="graph">The nearest neighbours.</param>
    /// <param name="cutoff">Edges of similarity at most this are dropped.</param>
    /// <returns>The component of each row, from 0.</returns>
    public static int[] Label(NeighbourGraph graph, double cutoff)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Label(graph.Count, Edges(graph, cutoff));
    }

    private static IEnumerable<(int First, int Second)> Edges(NeighbourGraph graph, double cutoff)
    {
        for (var i = 0; i < graph.Indices.Length; i++)
        {
            if (graph.Similarities[i] > cutoff)
            {
                yield return (i / graph.Neighbours, graph.Indices[i]);
            }
        }
    }

    private static int Root(int[] parent, int vertex)
    {
        while (parent[vertex] != vertex)
        {
            parent[vertex] = parent[parent[vertex]];
            vertex = parent[vertex];
        }

        return vertex;
    }
}
