using Interp.Compute.LinearAlgebra;

namespace Interp.Analysis.Circles.Planes;

/// <summary>Lists the planes of principal scores that may hold a circle.</summary>
internal static class PlaneFinder
{
    /// <summary>Planes of components that follow each other, or whose variances are nearly equal: a circle has two equal ones.</summary>
    /// <param name="variances">The components' variances, descending.</param>
    /// <param name="nearEqual">The ratio from which variances are nearly equal.</param>
    public static IEnumerable<PlaneCandidate> OfComponents(double[] variances, double nearEqual)
    {
        for (var i = 0; i < variances.Length; i++)
        {
            for (var j = i + 1; j < variances.Length; j++)
            {
                if (variances[j] > 0 && (j == i + 1 || variances[j] >= nearEqual * variances[i]))
                {
                    var axes = new double[2, variances.Length];
                    (axes[0, i], axes[1, j]) = (1, 1);
                    yield return new PlaneCandidate(PlaneKind.Components, [i, j], null, axes, null);
                }
            }
        }
    }

    /// <summary>
    /// The plane from which each frequency's circle is read: A = argmin ‖ZA − [cos, sin](2πkr/p)‖ of minimum norm, made
    /// orthonormal. The Nyquist frequency of an even p has no circle.
    /// </summary>
    /// <param name="scores">The principal scores Z <c>[n, K]</c>.</param>
    /// <param name="labels">The residues r.</param>
    /// <param name="modulus">p.</param>
    /// <param name="minimumR2">The share of a circle that must be explained.</param>
    public static IEnumerable<PlaneCandidate> OfFrequencies(double[,] scores, IReadOnlyList<int> labels, int modulus, double minimumR2)
    {
        var frequencies = Enumerable.Range(1, (modulus - 1) / 2).ToArray();
        var targets = Targets(labels, frequencies, modulus);
        var (coefficients, rank) = LeastSquares.Solve(scores, targets);
        if (rank < 2)
        {
            yield break;
        }

        for (var f = 0; f < frequencies.Length; f++)
        {
            var r2 = R2(scores, coefficients, targets, 2 * f);
            if (r2 >= minimumR2 && Orthonormal(coefficients, 2 * f) is { } axes)
            {
                yield return new PlaneCandidate(PlaneKind.Frequency, [], frequencies[f], axes, r2);
            }
        }
    }

    /// <summary>The coordinates of points in a plane.</summary>
    public static (double[] X, double[] Y) Project(double[,] scores, double[,] axes)
    {
        var (n, k) = (scores.GetLength(0), scores.GetLength(1));
        double[] x = new double[n], y = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < k; j++)
            {
                x[i] += scores[i, j] * axes[0, j];
                y[i] += scores[i, j] * axes[1, j];
            }
        }

        return (x, y);
    }

    /// <summary>Cosine and sine of every frequency, centred, side by side <c>[n, 2 · frequencies]</c>.</summary>
    private static double[,] Targets(IReadOnlyList<int> labels, int[] frequencies, int modulus)
    {
        var targets = new double[labels.Count, 2 * frequencies.Length];
        for (var f = 0; f < frequencies.Length; f++)
        {
            double meanCosine = 0, meanSine = 0;
            for (var i = 0; i < labels.Count; i++)
            {
                var (sine, cosine) = Math.SinCos(FrequencyReader.Angle(frequencies[f], labels[i], modulus));
                (targets[i, 2 * f], targets[i, (2 * f) + 1]) = (cosine, sine);
                (meanCosine, meanSine) = (meanCosine + (cosine / labels.Count), meanSine + (sine / labels.Count));
            }

            for (var i = 0; i < labels.Count; i++)
            {
                targets[i, 2 * f] -= meanCosine;
                targets[i, (2 * f) + 1] -= meanSine;
            }
        }

        return targets;
    }

    private static double R2(double[,] scores, double[,] coefficients, double[,] targets, int column)
    {
        double error = 0, total = 0;
        for (var i = 0; i < scores.GetLength(0); i++)
        {
            for (var c = column; c < column + 2; c++)
            {
                var read = 0.0;
                for (var j = 0; j < scores.GetLength(1); j++)
                {
                    read += scores[i, j] * coefficients[j, c];
                }

                error += (targets[i, c] - read) * (targets[i, c] - read);
                total += targets[i, c] * targets[i, c];
            }
        }

        return total > 0 ? 1 - (error / total) : 0;
    }

    /// <summary>Gram–Schmidt on two columns; null when they do not span a plane.</summary>
    private static double[,]? Orthonormal(double[,] coefficients, int column)
    {
        double[] first = coefficients.Column(column), second = coefficients.Column(column + 1);
        var firstNorm = Math.Sqrt(first.Sum(v => v * v));
        if (!(firstNorm > 0))
        {
            return null;
        }

        first = Array.ConvertAll(first, v => v / firstNorm);
        var along = first.Zip(second, (a, b) => a * b).Sum();
        double[] rest = [.. second.Select((v, i) => v - (along * first[i]))];
        var restNorm = Math.Sqrt(rest.Sum(v => v * v));
        if (!(restNorm > 1e-9 * firstNorm))
        {
            return null;
        }

        var axes = new double[2, first.Length];
        for (var j = 0; j < first.Length; j++)
        {
            (axes[0, j], axes[1, j]) = (first[j], rest[j] / restNorm);
        }

        return axes;
    }
}
