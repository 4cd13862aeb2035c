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
    private const int DoubleRows = 4096;

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
        // Single precision halves the memory of many rows; every step is in place, so that there is one matrix.
        var rows = unitRows.detach().to(unitRows.shape[0] > DoubleRows ? ScalarType.Float32 : ScalarType.Float64);
        SymmetricEigen.RequireFinite(rows, "the rows of spectral clustering");
        var affinity = rows.matmul(rows.t());
        affinity.clamp_(-1, 1).acos_().div_(-Math.PI).add_(1);
        affinity.diagonal().zero_();
        var scale = affinity.sum(1).rsqrt();
        scale = where(scale.isfinite(), scale, ones_like(scale));
        affinity.mul_(scale.unsqueeze(1)).mul_(scale);
        return new Affinity(affinity, scale.ToVector());
    }

    public static Affinity FromNeighbours(NeighbourGraph graph)
    {
        var (starts, columns, weights) = Symmetric(graph);
        var scale = new double[graph.Count];
        Parallel.For(0, graph.Count, row =>
        {
            var degree = 0.0;
            for (var edge = starts[row]; edge < starts[row + 1]; edge++)
            {
                degree += weights[edge];
            }

            scale[row] = degree > 0 ? 1 / Math.Sqrt(degree) : 1;
        });
        Parallel.For(0, graph.Count, row =>
        {
            for (var edge = starts[row]; edge < starts[row + 1]; edge++)
            {
                weights[edge] *= scale[row] * scale[columns[edge]];
            }
        });
        return new Affinity(starts, columns, weights, scale);
    }

    /// <summary>The edges that either end has, in the order of rows, then columns; both directions.</summary>
    private static (int[] Starts, int[] Columns, double[] Weights) Symmetric(NeighbourGraph graph)
    {
        var keys = new long[2 * graph.Indices.Length];
        var values = new double[keys.Length];
        Parallel.For(0, graph.Count, row =>
        {
            for (var i = row * graph.Neighbours; i < (row + 1) * graph.Neighbours; i++)
            {
                keys[2 * i] = ((long)row << 32) | (uint)graph.Indices[i];
                keys[(2 * i) + 1] = ((long)graph.Indices[i] << 32) | (uint)row;
                values[2 * i] = values[(2 * i) + 1] = OfCosine(graph.Similarities[i]);
            }
        });
        Array.Sort(keys, values);
        var (starts, kept) = (new int[graph.Count + 1], 0);
        for (var i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
            {
                (keys[kept], values[kept]) = (keys[i], values[i]);
                starts[(int)(keys[i] >> 32) + 1] = ++kept;
            }
            else
            {
                // Both ends have it: their similarities may differ by rounding, and the matrix must not.
                values[kept - 1] = Math.Max(values[kept - 1], values[i]);
            }
        }

        for (var row = 0; row < graph.Count; row++)
        {
            starts[row + 1] = Math.Max(starts[row + 1], starts[row]);
        }

        return (starts, [.. keys.Take(kept).Select(key => (int)(uint)key)], values[..kept]);
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
            return _dense.matmul(block.to(_dense.dtype).to(_dense.device)).cpu().to(ScalarType.Float64);
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

    /// <summary>
    /// The eigenvectors of value 1 of a sparse affinity whose graph falls into parts: the roots of the degrees on each part, of unit
    /// length. Null for a dense affinity and for a graph in one part.
    /// </summary>
    /// <returns>float64 <c>[n, parts]</c>, in the current dispose scope.</returns>
    public Tensor? ComponentVectors()
    {
        var (part, parts) = (Enumerable.Repeat(-1, InverseRootDegree.Length).ToArray(), 0);
        var open = new Stack<int>();
        for (var start = 0; start < part.Length && _dense is null; start++)
        {
            if (part[start] >= 0)
            {
                continue;
            }

            part[start] = parts;
            open.Push(start);
            while (open.TryPop(out var row))
            {
                foreach (var column in _columns.AsSpan(_starts[row].._starts[row + 1]))
                {
                    if (part[column] < 0)
                    {
                        part[column] = parts;
                        open.Push(column);
                    }
                }
            }

            parts++;
        }

        if (parts < 2)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var vectors = zeros(part.Length, parts, ScalarType.Float64);
        var roots = tensor(Array.ConvertAll(InverseRootDegree, value => 1 / value)).unsqueeze(1);
        vectors.scatter_(1, tensor(part).to(ScalarType.Int64).unsqueeze(1), roots);
        return vectors.div_(vectors.norm(0, keepdim: true)).MoveToOuterDisposeScope();
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
