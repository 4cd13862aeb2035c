using Interp.Analysis.Circles;

namespace Interp.Analysis.Tests.Circles;

/// <summary>
/// The 19 clouds of Data/circles/circles-indices.csv, rebuilt by the rules in that file's header from van der Corput numbers,
/// 4096 points each.
/// </summary>
internal static class ReferenceClouds
{
    public const int Points = 4096;

    private static readonly Lazy<IReadOnlyDictionary<string, (double[] X, double[] Y)>> s_clouds = new(Build);

    public static IEnumerable<string> Names => s_clouds.Value.Keys;

    public static PlaneCloud Cloud(string name) => PlaneCloud.FromColumns([.. s_clouds.Value[name].X], [.. s_clouds.Value[name].Y], name);

    /// <summary>The unit circle at evenly spaced angles, shifted by half a step.</summary>
    public static (double[] X, double[] Y) Circle() => (Column(i => Math.Cos(Angle(i))), Column(i => Math.Sin(Angle(i))));

    /// <summary>The standard normal quantile, by Newton's method on the series of the distribution function.</summary>
    public static double NormalQuantile(double share)
    {
        if (share < 0.5)
        {
            return -NormalQuantile(1 - share);
        }

        var x = 0.0;
        for (var step = 0; step < 60; step++)
        {
            var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            double term = x, sum = x;
            for (var n = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); n += 2)
            {
                term *= x * x / n;
                sum += term;
            }

            var correction = (0.5 + (density * sum) - share) / density;
            x -= Math.Clamp(correction, -1, 1);
            if (Math.Abs(correction) < 1e-15 * (1 + x))
            {
                break;
            }
        }

        return x;
    }

    private static double Angle(int i) => 2 * Math.PI * (i + 0.5) / Points;

    private static double[] Column(Func<int, double> value) => [.. Enumerable.Range(0, Points).Select(value)];

    private static double RadicalInverse(int number, int digits)
    {
        double value = 0, place = 1.0 / digits;
        for (; number > 0; number /= digits, place /= digits)
        {
            value += number % digits * place;
        }

        return value;
    }

    private static Dictionary<string, (double[] X, double[] Y)> Build()
    {
        var h = new[] { 2, 3, 5, 7, 11 }.ToDictionary(digits => digits, digits => Column(i => RadicalInverse(i + 1, digits)));
        var g = h.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, NormalQuantile));
        int[] order = [.. Enumerable.Range(0, Points).OrderBy(i => h[7][i])];
        var (turn, square) = (2 * Math.PI, (X: Column(i => (2 * h[2][i]) - 1), Y: Column(i => (2 * h[3][i]) - 1)));
        (double[] X, double[] Y) cross = (Column(i => i % 2 == 0 ? g[3][i] : 0), Column(i => i % 2 == 0 ? 0 : g[3][i]));
        (double[] X, double[] Y) Polygon(int n) =>
            (Column(i => Math.Cos(turn * (i % n) / n) + (0.1 * g[2][i])), Column(i => Math.Sin(turn * (i % n) / n) + (0.1 * g[3][i])));
        double[][] torus = [Column(i => Math.Cos(turn * h[2][i])), Column(i => Math.Sin(turn * h[2][i])), Column(i => Math.Cos(turn * h[3][i])), Column(i => Math.Sin(turn * h[3][i]))];
        var (sine, cosine) = Math.SinCos(Math.PI / 6);
        double Truncated(int digits, int i) => Math.Truncate(3 * g[digits][i]);
        return new()
        {
            ["gauss_iso"] = (g[2], g[3]),
            ["gauss_corr_0.8"] = (g[2], Column(i => (0.8 * g[2][i]) + (0.6 * g[3][i]))),
            ["gauss_aniso_3:1"] = (Column(i => 3 * g[2][i]), g[3]),
            ["uniform_square"] = square,
            ["uniform_square_rot30"] = (Column(i => (square.X[i] * cosine) + (square.Y[i] * sine)), Column(i => (square.Y[i] * cosine) - (square.X[i] * sine))),
            ["circle_exact"] = Circle(),
            ["circle_noise_0.1"] = (Column(i => Math.Cos(Angle(order[i])) + (0.1 * g[2][i])), Column(i => Math.Sin(Angle(order[i])) + (0.1 * g[3][i]))),
            ["disk_uniform"] = (Column(i => Math.Sqrt(h[3][i]) * torus[0][i]), Column(i => Math.Sqrt(h[3][i]) * torus[1][i])),
            ["ngon7_noise_0.1"] = Polygon(7),
            ["ngon12_noise_0.1"] = Polygon(12),
            ["cross_axes"] = cross,
            ["cross_noise_0.05"] = (Column(i => cross.X[i] + (0.05 * g[5][i])), Column(i => cross.Y[i] + (0.05 * g[7][i]))),
            ["mix_30gauss_60line_10line"] = (
                Column(i => h[5][i] < 0.3 ? g[2][i] : h[5][i] < 0.9 ? g[7][i] + 1 : (-0.4 * g[7][i]) - 1.5),
                Column(i => h[5][i] < 0.3 ? g[3][i] : h[5][i] < 0.9 ? (0.3 * g[7][i]) + 2 : g[7][i] + 0.5)),
            ["lattice"] = (Column(i => Truncated(2, i) - (0.3 * Truncated(3, i))), Column(i => (0.2 * Truncated(2, i)) + (0.8 * Truncated(3, i)))),
            ["two_rings_r1_r2"] = (Column(i => (1 + (i % 2)) * Math.Cos(Angle(order[i]))), Column(i => (1 + (i % 2)) * Math.Sin(Angle(order[i])))),
            ["line_1d"] = (g[2], Column(i => 2 * g[2][i])),
            ["torus_plane_01"] = (torus[0], torus[1]),
            ["torus_plane_02"] = (torus[0], torus[2]),
            ["torus_plane_23"] = (torus[2], torus[3]),
        };
    }
}
