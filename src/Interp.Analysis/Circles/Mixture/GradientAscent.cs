namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// The published search for a full band: plain ascent of ⟨σ((ε − |z|/rms)/T)⟩ with z = x·v + c. Kept to reproduce published
/// rankings; in float64 where the source used float32.
/// </summary>
internal static class GradientAscent
{
    /// <summary>The published number of steps.</summary>
    public const int PublishedSteps = 10_000;

    private const double Rate = 0.1;
    private const int CheckEvery = 64;

    /// <summary>Climbs from one start.</summary>
    /// <param name="cloud">The points.</param>
    /// <param name="start">The first v; c starts at 0.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="anneal">Whether the temperature falls as 1 − step/steps; else it is 1.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static Band Climb(PlaneCloud cloud, (double X, double Y) start, double epsilon, int steps, bool anneal, CancellationToken cancellation)
    {
        var (a, b, c) = (start.X, start.Y, 0.0);
        double soft = 0;
        for (var step = 0; step < steps; step++)
        {
            if (step % CheckEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var temperature = anneal ? 1 - ((double)step / steps) : 1;
            (soft, var gradient) = Slope(cloud, a, b, c, epsilon, temperature);
            (a, b, c) = (a + (Rate * gradient.A), b + (Rate * gradient.B), c + (Rate * gradient.C));
        }

        var rms = Math.Sqrt(cloud.X.Zip(cloud.Y, (x, y) => (a * x) + (b * y) + c).Average(z => z * z));
        var inside = cloud.X.Zip(cloud.Y, (x, y) => (a * x) + (b * y) + c).Count(z => Math.Abs(z) < epsilon * rms);
        return new Band(a, b, c, rms, soft, (double)inside / cloud.Count);
    }

    private static (double Soft, (double A, double B, double C) Gradient) Slope(PlaneCloud cloud, double a, double b, double c, double epsilon, double temperature)
    {
        var (x, y, n) = (cloud.X, cloud.Y, cloud.Count);
        double squares = 0, zx = 0, zy = 0, zSum = 0;
        for (var i = 0; i < n; i++)
        {
            var z = (a * x[i]) + (b * y[i]) + c;
            squares += z * z;
            zx += z * x[i];
            zy += z * y[i];
            zSum += z;
        }

        var rms = Math.Sqrt(squares / n);
        if (!(rms > 0))
        {
            return (1, (0, 0, 0));
        }

        double soft = 0, weighted = 0, gx = 0, gy = 0, g = 0;
        for (var i = 0; i < n; i++)
        {
            var z = (a * x[i]) + (b * y[i]) + c;
            var inside = 1 / (1 + Math.Exp((Math.Abs(z) / rms - epsilon) / temperature));
            var slope = inside * (1 - inside) / temperature;
            soft += inside;
            weighted += slope * Math.Abs(z);
            var signed = slope * Math.Sign(z);
            gx += signed * x[i];
            gy += signed * y[i];
            g += signed;
        }

        // d(|z|/rms) = sign(z) dz/rms − |z| ⟨z dz⟩/rms³.
        double Total(double direct, double moment) => -((direct / n / rms) - (weighted / n * (moment / n) / (rms * rms * rms)));
        return (soft / n, (Total(gx, zx), Total(gy, zy), Total(g, zSum)));
    }

    /// <summary>Where a climb ended.</summary>
    /// <param name="A">First coordinate of v, not of unit length.</param>
    /// <param name="B">Second coordinate of v.</param>
    /// <param name="C">c, in the same scale.</param>
    /// <param name="Rms">√⟨z²⟩.</param>
    /// <param name="Soft">The smooth share.</param>
    /// <param name="Hard">The share of points with |z| below ε·rms.</param>
    public sealed record Band(double A, double B, double C, double Rms, double Soft, double Hard);
}
