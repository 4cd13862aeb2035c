using System.Numerics;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// The normalised affinity D^(−1/2) A D^(−1/2) of unit rows, a = 1 − arccos(cosine)/π off the diagonal and 0 on it: either a
/// dense matrix or compressed sparse rows. It lives in the dispose scope in which it was made.
/// </summary>
internal sealed class Affinity
{
    private readonly Tensor? _dense;
    private readonly int[] _starts = [];
    private readonly int[] _columns = [];
    private readonly double[] _weights = [];

    private Affinity(Tensor dense, double[] inverseRootDegree)
    {
        _dense = dense;
        InverseRootDegree = inverseRootDegree;
    }

    private Affinity(int[] starts, int[] columns, double[] weights, double[] inverseRootDegree)
    {
        (_starts, _columns, _weights) = (starts, columns, weights);
        InverseRootDegree = inverseRootDegree;
    }

    /// <summary>1/√degree of each row; 1 for a row without neighbours.</summary>
    public double[] InverseRootDegree { get; }

    public static double OfCosine(double cosine) => 1 - (Math.Acos(Math.Clamp(cosine, -1, 1)) / Math.PI);

    public static Affinity Dense(Tensor unitRows)
    {
        var rows = unitRows.detach().to(ScalarType.Float64);
        SymmetricEigen.RequireFinite(rows, "the rows of spectral clustering");
        var affinity = 1 - (rows.matmul(rows.t()).clamp(-1, 1).acos() / Math.PI);
        affinity = affinity - affinity.diagonal().diag();
        var scale = affinity.sum(1).rsqrt();
        scale = where(scale.isfinite(), scale, ones_like(scale));
        return new Affinity(affinity * scale.unsqueeze(1) * scale, scale.ToVector());
    }

    public static Affinity FromNeighbours(NeighbourGraph graph)
    {
        var rows = new SortedDictionary<int, double>[graph.Count];
        for (var row = 0; row < graph.Count; row++)
        {
            rows[row] = [];
        }

        for (var i = 0; i < graph.Indices.Length; i++)
        {
            var (row, column, weight) = (i / graph.Neighbours, graph.Indices[i], OfCosine(graph.Similarities[i]));
            rows[row][column] = weight;
            rows[column][row] = weight;
        }

        var scale = Array.ConvertAll(rows, row => row.Values.Sum() is var degree and > 0 ? 1 / Math.Sqrt(degree) : 1);
        var starts = new int[graph.Count + 1];
        for (var row = 0; row < graph.Count; row++)
        {
            starts[row + 1] = starts[row] + rows[row].Count;
        }

        int[] columns = [.. rows.SelectMany(row => row.Keys)];
        double[] weights = [.. rows.SelectMany((row, index) => row.Select(edge => edge.Value * scale[index] * scale[edge.Key]))];
        return new Affinity(starts, columns, weights, scale);
    }

    /// <summary>The whole matrix <c>[n, n]</c>, float64.</summary>
    public Tensor ToDense()
    {
        if (_dense is not null)
        {
            return _dense;
        }

        var matrix = new double[_starts.Length - 1, _starts.Length - 1];
        for (var row = 0; row < _starts.Length - 1; row++)
        {
            for (var edge = _starts[row]; edge < _starts[row + 1]; edge++)
            {
                matrix[row, _columns[edge]] = _weights[edge];
            }
        }

        return matrix.ToTensor();
    }

    /// <summary>The product with a block of vectors <c>[n, m]</c>, float64.</summary>
    public Tensor Apply(Tensor block)
    {
        if (_dense is not null)
        {
            return _dense.matmul(block.to(_dense.device)).cpu();
        }

        var width = (int)block.shape[1];
        var values = block.contiguous().data<double>().ToArray();
        var product = new double[block.shape[0], block.shape[1]];
        Parallel.For(0, _starts.Length - 1, row =>
        {
            var sum = MatrixConversion.Span(product).Slice(row * width, width);
            for (var edge = _starts[row]; edge < _starts[row + 1]; edge++)
            {
                AddScaled(values.AsSpan(_columns[edge] * width, width), _weights[edge], sum);
            }
        });
        return product.ToTensor();
    }

    private static void AddScaled(ReadOnlySpan<double> values, double weight, Span<double> sum)
    {
        var i = 0;
        for (; i <= sum.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(sum[i..]) + (weight * new Vector<double>(values[i..]))).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }
}
