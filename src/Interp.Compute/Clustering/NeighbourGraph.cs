using System.Runtime.CompilerServices;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// The k rows of largest dot product (cosine, for unit rows) of every row, without itself. Found block by block: O(n² d)
/// arithmetic, O(n k) memory and two blocks, never the full matrix. Equal similarities are ordered by row number.
/// </summary>
public sealed class NeighbourGraph
{
    private const int RowBlock = 1024;
    private const int ColumnBlock = 8192;

    private NeighbourGraph(int count, int neighbours)
    {
        Count = count;
        Neighbours = neighbours;
        Indices = new int[(long)count * neighbours];
        Similarities = new float[(long)count * neighbours];
        Array.Fill(Indices, -1);
        Array.Fill(Similarities, float.NegativeInfinity);
    }

    /// <summary>The number of rows n.</summary>
    public int Count { get; }

    /// <summary>The number of neighbours k of each row.</summary>
    public int Neighbours { get; }

    /// <summary>The neighbours' row numbers, row-major <c>[n, k]</c>, most similar first.</summary>
    public int[] Indices { get; }

    /// <summary>Their similarities, row-major <c>[n, k]</c>, float32.</summary>
    public float[] Similarities { get; }

    /// <summary>Builds the graph.</summary>
    /// <param name="unitRows">Rows <c>[n, d]</c> of unit length, any real dtype and device; products are taken in float32.</param>
    /// <param name="neighbours">The number of neighbours k of each row, from 1 to n − 1.</param>
    /// <param name="progress">Receives every finished block of rows.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="ShapeMismatchException">The rows are no matrix of at least two rows.</exception>
    /// <exception cref="InterpException">A row holds a number that is not finite.</exception>
    public static NeighbourGraph Build(Tensor unitRows, int neighbours, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(unitRows);
        if (unitRows.dim() != 2 || unitRows.shape[0] < 2)
        {
            throw new ShapeMismatchException("the rows of a neighbour graph", "[n ≥ 2, d]", unitRows.shape);
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neighbours);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(neighbours, unitRows.shape[0] - 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var data = unitRows.detach().to(ScalarType.Float32);
        SymmetricEigen.RequireFinite(data, "the rows of a neighbour graph");
        var graph = new NeighbourGraph((int)data.shape[0], neighbours);
        for (var first = 0; first < graph.Count; first += RowBlock)
        {
            graph.FillRows(data, first, Math.Min(RowBlock, graph.Count - first), cancellation);
            progress?.Report(new StepProgress("find neighbours", Math.Min(first + RowBlock, graph.Count), graph.Count, "rows"));
        }

        return graph;
    }

    private void FillRows(Tensor data, int first, int rows, CancellationToken cancellation)
    {
        for (var start = 0; start < Count; start += ColumnBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var width = Math.Min(ColumnBlock, Count - start);
            var products = data.narrow(0, first, rows).matmul(data.narrow(0, start, width).t()).cpu().contiguous().data<float>().ToArray();
            var from = start;
            Parallel.For(0, rows, row => Keep(first + row, from, products.AsSpan(row * width, width)));
        }
    }

    /// <summary>Merges one block of a row's similarities into its sorted list.</summary>
    private void Keep(int row, int firstColumn, ReadOnlySpan<float> similarities)
    {
        var indices = Indices.AsSpan(row * Neighbours, Neighbours);
        var kept = Similarities.AsSpan(row * Neighbours, Neighbours);
        for (var i = 0; i < similarities.Length; i++)
        {
            // Columns come in ascending order, so an equal similarity never displaces an earlier one.
            if (similarities[i] > kept[^1] && firstColumn + i != row)
            {
                Insert(indices, kept, firstColumn + i, similarities[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Insert(Span<int> indices, Span<float> kept, int index, float similarity)
    {
        var place = kept.Length - 1;
        for (; place > 0 && kept[place - 1] < similarity; place--)
        {
            kept[place] = kept[place - 1];
            indices[place] = indices[place - 1];
        }

        kept[place] = similarity;
        indices[place] = index;
    }
}
