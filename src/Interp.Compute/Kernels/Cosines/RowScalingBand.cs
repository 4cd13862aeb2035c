using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Scales a band of float32 rows once through: norm in float64, unit row in float32, sums of what was written in float64.</summary>
/// <param name="sumWidth">The width of the column sums, or 0 to take none.</param>
internal sealed class RowScalingBand(int sumWidth)
{
    /// <summary>Σ x over the unit rows as rounded.</summary>
    public double[] Sum { get; } = new double[sumWidth];

    /// <summary>Σ ‖x‖² over them.</summary>
    public double Squares { get; private set; }

    /// <summary>Σ ‖x‖⁴ over them.</summary>
    public double FourthPowers { get; private set; }

    /// <summary>Scales rows <paramref name="start"/> … <paramref name="end"/>; a row of norm 0 stays as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Scale(float* source, float* target, int width, int start, int end, double[] norms)
    {
        fixed (double* sum = Sum)
        {
            for (var row = start; row < end; row++)
            {
                var from = source + ((long)row * width);
                var norm = Math.Sqrt(SumOfSquares(from, width));
                norms[row] = norm;
                if (norm > 0 && double.IsFinite(norm))
                {
                    var squares = Write(from, target + ((long)row * width), width, 1 / norm, Sum.Length > 0 ? sum : null);
                    Squares += squares;
                    FourthPowers += squares * squares;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double SumOfSquares(float* row, int width)
    {
        Vector<double> first = default, second = default;
        var column = 0;
        for (; column <= width - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(row + column), out var low, out var high);
            first += low * low;
            second += high * high;
        }

        var total = Vector.Sum(first + second);
        for (; column < width; column++)
        {
            total += (double)row[column] * row[column];
        }

        return total;
    }

    /// <summary>Writes the unit row; returns the squared norm of what was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double Write(float* from, float* to, int width, double scale, double* sum)
    {
        Vector<double> first = default, second = default;
        var factor = new Vector<double>(scale);
        var column = 0;
        for (; column <= width - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(from + column), out var low, out var high);
            var unit = Vector.Narrow(low * factor, high * factor);
            unit.Store(to + column);
            Vector.Widen(unit, out low, out high);
            first += low * low;
            second += high * high;
            if (sum is not null)
            {
                (Vector.Load(sum + column) + low).Store(sum + column);
                (Vector.Load(sum + column + Vector<double>.Count) + high).Store(sum + column + Vector<double>.Count);
            }
        }

        var total = Vector.Sum(first + second);
        for (; column < width; column++)
        {
            var unit = (float)(from[column] * scale);
            to[column] = unit;
            total += (double)unit * unit;
            if (sum is not null)
            {
                sum[column] += unit;
            }
        }

        return total;
    }
}
