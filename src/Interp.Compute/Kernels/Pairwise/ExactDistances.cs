using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>Recomputes the distances to candidates as √Σ(a − b)² in float64, sorts them and keeps the nearest.</summary>
internal static class ExactDistances
{
    public static unsafe NeighbourTable Sort(torch.Tensor rows, int[,] candidates, int kept, CancellationToken cancellation)
    {
        var (n, width, count) = ((int)rows.shape[0], (int)rows.shape[1], candidates.GetLength(1));
        var (numbers, distances) = (new int[n, kept], new double[n, kept]);
        fixed (byte* bytes = rows.bytes)
        {
            var values = (nint)bytes;
            Parallel.For(0, n, new ParallelOptions { CancellationToken = cancellation }, row =>
            {
                var found = new (double Square, int Row)[count];
                for (var place = 0; place < count; place++)
                {
                    var other = candidates[row, place];
                    found[place] = (Square((double*)values + ((long)row * width), (double*)values + ((long)other * width), width), other);
                }

                Array.Sort(found);
                for (var place = 0; place < kept; place++)
                {
                    (numbers[row, place], distances[row, place]) = (found[place].Row, Math.Sqrt(found[place].Square));
                }
            });
        }

        return new NeighbourTable(numbers, distances);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double Square(double* left, double* right, int width)
    {
        Vector<double> sum = default;
        var column = 0;
        for (; column <= width - Vector<double>.Count; column += Vector<double>.Count)
        {
            var difference = Vector.Load(left + column) - Vector.Load(right + column);
            sum += difference * difference;
        }

        var total = Vector.Sum(sum);
        for (; column < width; column++)
        {
            total += (left[column] - right[column]) * (left[column] - right[column]);
        }

        return total;
    }
}
