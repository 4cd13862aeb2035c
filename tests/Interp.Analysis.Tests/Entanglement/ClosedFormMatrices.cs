namespace Interp.Analysis.Tests.Entanglement;

/// <summary>The matrices of the reference profiles, rebuilt from their closed forms.</summary>
internal static class ClosedFormMatrices
{
    public static double[,] Build(string name) => name switch
    {
        "E1" => Fill(16, 16, (i, j) => Math.Sin(1 + (7 * i) + (3 * j))),
        "E3" => Fill(16, 16, (i, j) => Math.Sin(1 + (7 * i) + (3 * j) + (i * j))),
        "E4" => Fill(8, 32, (i, j) => Math.Sin(1 + (i * j) + (0.5 * i * i))),
        "E5_ascending" or "E5_descending" => Fill(6, 15, (i, j) => Math.Sin(1 + (i * j) + (0.5 * i * i))),
        "E7" => Congruential(),
        "identity16" => Fill(16, 16, (i, j) => i == j ? 1 : 0),
        "hadamard16" => Fill(16, 16, (i, j) => int.PopCount(i & j) % 2 == 0 ? 1 : -1),
        "bit_reversal16" => Fill(16, 16, (i, j) => j == (((i & 1) << 3) | ((i & 2) << 1) | ((i & 4) >> 1) | ((i & 8) >> 3)) ? 1 : 0),
        "ones16" => Fill(16, 16, (_, _) => 1),
        "ghz16" => Fill(16, 16, (i, j) => i == j && i is 0 or 15 && j is 0 or 15 ? 1 : 0),
        "wstate16" => Fill(16, 16, (i, j) => int.PopCount((16 * i) + j) == 1 ? 1 : 0),
        "dimers16" => Fill(16, 16, (i, j) => Dimer(i) * Dimer(j)),
        "diag16" => Fill(16, 16, (i, j) => i == j ? i + 1 : 0),
        "tril16" => Fill(16, 16, (i, j) => j <= i ? 1 : 0),
        "uniform_causal16" => Fill(16, 16, (i, j) => j <= i ? 1.0 / (i + 1) : 0),
        _ => Multiply(Factors(name)!.Value),
    };

    /// <summary>B and A of the matrices that are products; null for the others.</summary>
    public static (double[,] B, double[,] A)? Factors(string name) => name switch
    {
        "E2" => (Fill(16, 2, (i, k) => Math.Cos(1 + (i * (k + 1)))), Fill(2, 16, (k, j) => Math.Sin(2 + (j * (k + 2))) + (0.1 * k * j))),
        "E6" => (Wave(3), Fill(3, 64, (k, j) => Math.Cos(2 + (j * j * (k + 2)) - k))),
        "MPS_r_on_core1" => (Wave(4), Fill(4, 16, (a, column) => Sum2(x => Math.Sin(1 + (a * a) + (1.3 * (column / 4) * (x + 1)) + (0.7 * a * (column / 4))) * Core(x, column % 4)))),
        "MPS_r_on_core2" => (Wave(4), Fill(4, 16, (a, column) => Sum2(x => Core(x, column / 4) * Math.Sin(1 + (a * a) + (1.3 * (column % 4) * (x + 1)) + (0.7 * a * (column % 4)))))),
        _ => null,
    };

    public static double[,] Fill(int rows, int columns, Func<int, int, double> value)
    {
        var matrix = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                matrix[i, j] = value(i, j);
            }
        }

        return matrix;
    }

    private static double[,] Wave(int rank) => Fill(16, rank, (i, k) => Math.Sin(1 + (i * i * (k + 1)) + k));

    private static double Core(int x, int j) => Math.Cos(0.5 + (2.1 * x) + (0.9 * j * j) + (x * j));

    private static double Sum2(Func<int, double> term) => term(0) + term(1);

    private static double Dimer(int index) => (index & 3) is 0 or 3 && (index >> 2) is 0 or 3 ? 1 : 0;

    private static double[,] Congruential()
    {
        var x = 12345u;
        return Fill(32, 32, (_, _) =>
        {
            x = unchecked((1664525u * x) + 1013904223u);
            return (x / 4294967296.0) - 0.5;
        });
    }

    private static double[,] Multiply((double[,] B, double[,] A) factors) =>
        Fill(factors.B.GetLength(0), factors.A.GetLength(1), (i, j) => Enumerable.Range(0, factors.A.GetLength(0)).Sum(k => factors.B[i, k] * factors.A[k, j]));
}
