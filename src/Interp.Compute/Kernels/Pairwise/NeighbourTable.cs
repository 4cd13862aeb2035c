namespace Interp.Compute.Kernels.Pairwise;

/// <summary>Every row's nearest other rows by Euclidean distance, nearest first.</summary>
/// <param name="Rows">The other rows' numbers, <c>[n, k]</c>.</param>
/// <param name="Distances">The distances, <c>[n, k]</c>, from differences in float64.</param>
public sealed record NeighbourTable(int[,] Rows, double[,] Distances)
{
    /// <summary>The rows n.</summary>
    public int Count => Distances.GetLength(0);

    /// <summary>The neighbours of each, k.</summary>
    public int Neighbours => Distances.GetLength(1);
}
