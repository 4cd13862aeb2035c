namespace Interp.Models.Tests.Families.Plain;

/// <summary>The arithmetic of a transformer in loops over doubles: slow, obvious, and nothing of the engine's.</summary>
internal static class PlainMath
{
    /// <summary>x·Wᵀ + b for a matrix stored [out, in].</summary>
    public static double[] Linear(double[] x, double[] matrix, double[]? bias = null)
    {
        var outputs = matrix.Length / x.Length;
        var y = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            var sum = bias?[o] ?? 0;
            for (var i = 0; i < x.Length; i++)
            {
                sum += matrix[(o * x.Length) + i] * x[i];
            }

            y[o] = sum;
        }

        return y;
    }

    /// <summary>x·W + b for a matrix stored [in, out].</summary>
    public static double[] Convolution(double[] x, double[] matrix, double[] bias)
    {
        var outputs = matrix.Length / x.Length;
        var y = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            y[o] = bias[o];
            for (var i = 0; i < x.Length; i++)
            {
                y[o] += matrix[(i * outputs) + o] * x[i];
            }
        }

        return y;
    }

    public static double[] LayerNorm(double[] x, double epsilon, double[]? weight, double[]? bias)
    {
        var mean = x.Average();
        var root = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / x.Length + epsilon);
        return [.. x.Select((v, i) => ((v - mean) / root * (weight?[i] ?? 1)) + (bias?[i] ?? 0))];
    }

    public static double[] RootMeanSquare(double[] x, double epsilon, double[] weight, double offset = 0)
    {
        var root = Math.Sqrt(x.Sum(v => v * v) / x.Length + epsilon);
        return [.. x.Select((v, i) => v / root * (weight[i] + offset))];
    }

    public static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    public static double[] Scale(double[] a, double factor) => [.. a.Select(x => x * factor)];

    public static double Act(string name, double x) => name switch
    {
        "relu" => Math.Max(0, x),
        "relu2" => Math.Max(0, x) * Math.Max(0, x),
        "silu" or "swish" => x / (1 + Math.Exp(-x)),
        "quick_gelu" => x / (1 + Math.Exp(-1.702 * x)),
        "gelu" => x * 0.5 * (1 + Erf(x / Math.Sqrt(2))),
        "gelu_new" or "gelu_pytorch_tanh" => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => throw new ArgumentException(name),
    };

    /// <summary>Rotates dims i and i + d/2 (or 2i and 2i + 1) of a head by position·frequency, and scales the rotated part.</summary>
    public static void Rotate(Span<double> head, int position, double[] frequencies, double factor, bool adjacent)
    {
        var half = frequencies.Length;
        for (var i = 0; i < half; i++)
        {
            var (a, b) = adjacent ? (2 * i, (2 * i) + 1) : (i, i + half);
            var (cos, sin) = (Math.Cos(position * frequencies[i]) * factor, Math.Sin(position * frequencies[i]) * factor);
            (head[a], head[b]) = ((head[a] * cos) - (head[b] * sin), (head[b] * cos) + (head[a] * sin));
        }
    }

    /// <summary>The series and continued fraction of the error function; absolute error below 1e-15.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5)
        {
            return Math.Sign(x);
        }

        double sum = 0, term = x;
        for (var n = 0; n < 200; n++)
        {
            sum += term / ((2 * n) + 1);
            term *= -x * x / (n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
