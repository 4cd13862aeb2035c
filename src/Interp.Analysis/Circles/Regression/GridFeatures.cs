using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Compute;

namespace Interp.Analysis.Circles.Regression;

/// <summary>
/// Groups of features over a grid of two inputs α and β in 0 … p − 1, by name. In names, a is α, b is β, c is (α + β) mod p, d is
/// α − β and s is α + β, not reduced.
/// </summary>
internal static partial class GridFeatures
{
    private static readonly int[] s_periods = [2, 5, 10];

    /// <summary>The names that selection chooses from.</summary>
    public static IReadOnlyList<string> Library(int p) =>
    [
        "onehot-a", "onehot-b", "onehot-c", "onehot-s",
        .. new[] { 'd', 'c', 'a', 'b' }.SelectMany(over => Enumerable.Range(1, p / 2).Select(n => n == 1 ? $"circle-{over}" : $"circle-{n}{over}")),
        .. s_periods.Where(period => period < (2 * p) - 1).Select(period => $"period-{period}"),
        "parity-c", "a-when-b=1", "successor",
    ];

    /// <summary>The columns of a group <c>[p², k]</c>, row p·α + β.</summary>
    /// <exception cref="InterpException">There is no such group.</exception>
    public static double[,] Columns(string name, int p)
    {
        if (Circle().Match(name) is { Success: true } circle)
        {
            var times = circle.Groups[1].Length == 0 ? 1 : Number(circle.Groups[1].Value);
            return times <= p / 2 ? Turning(p, times / (double)p, Over(circle.Groups[2].Value[0], p)) : throw Unknown(name, $"frequencies go up to {p / 2}");
        }

        if (Period().Match(name) is { Success: true } period)
        {
            return Turning(p, 1.0 / Number(period.Groups[1].Value), Over('s', p));
        }

        if (OneHot().Match(name) is { Success: true } hot)
        {
            var over = Over(hot.Groups[1].Value[0], p);
            var classes = hot.Groups[1].Value == "s" ? (2 * p) - 1 : p;
            return Matrix(p, classes, (a, b, k) => over(a, b) == k ? 1 : 0);
        }

        if (Cell().Match(name) is { Success: true } cell)
        {
            var (over, value) = (Over(cell.Groups[1].Value[0], p), Number(cell.Groups[2].Value));
            return Matrix(p, 1, (a, b, _) => over(a, b) == value ? 1 : 0);
        }

        if (Wave().Match(name) is { Success: true } wave)
        {
            var over = Over(wave.Groups[2].Value[0], p);
            return Matrix(p, 1, (a, b, _) => wave.Groups[1].Value == "sin" ? Math.Sin(over(a, b)) : Math.Cos(over(a, b)));
        }

        return name switch
        {
            "constant" => Matrix(p, 1, (_, _, _) => 1),
            "a" or "b" or "c" or "d" or "s" => Matrix(p, 1, (a, b, _) => Over(name[0], p)(a, b)),
            "parity-c" => Matrix(p, 1, (a, b, _) => (a + b) % p % 2),
            "a-when-b=1" => Matrix(p, p, (a, b, k) => b == 1 && a == k ? 1 : 0),
            "successor" => Matrix(p, 1, (a, b, _) => a + 1 == b ? 1 : 0),
            _ => throw Unknown(name, "use onehot-a|b|c|s, circle-Nx for x in a, b, c, d, period-T, parity-c, a-when-b=1, successor, a=K, sin-a, cos-a, or a itself"),
        };
    }

    [GeneratedRegex("^circle-([0-9]{0,3})([abcd])$")]
    private static partial Regex Circle();

    [GeneratedRegex("^period-([1-9][0-9]{0,3})$")]
    private static partial Regex Period();

    [GeneratedRegex("^onehot-([abcs])$")]
    private static partial Regex OneHot();

    [GeneratedRegex("^([abcds])=(-?[0-9]{1,4})$")]
    private static partial Regex Cell();

    [GeneratedRegex("^(sin|cos)-([abcds])$")]
    private static partial Regex Wave();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static InterpException Unknown(string name, string use) => new($"there is no group of features {name} on this grid: {use}");

    private static Func<int, int, int> Over(char name, int p) => name switch
    {
        'a' => (a, _) => a,
        'b' => (_, b) => b,
        'c' => (a, b) => (a + b) % p,
        'd' => (a, b) => a - b,
        _ => (a, b) => a + b,
    };

    /// <summary>cos and sin of 2π·turns·value; the cosine alone where every sine is zero.</summary>
    private static double[,] Turning(int p, double turns, Func<int, int, int> over)
    {
        var hasSine = Math.Abs((2 * turns) - Math.Round(2 * turns)) > 1e-12;
        return Matrix(p, hasSine ? 2 : 1, (a, b, k) => k == 0 ? Math.Cos(2 * Math.PI * turns * over(a, b)) : Math.Sin(2 * Math.PI * turns * over(a, b)));
    }

    private static double[,] Matrix(int p, int columns, Func<int, int, int, double> value)
    {
        var matrix = new double[p * p, columns];
        for (var row = 0; row < p * p; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                matrix[row, column] = value(row / p, row % p, column);
            }
        }

        return matrix;
    }
}
