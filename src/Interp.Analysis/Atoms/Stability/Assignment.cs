namespace Interp.Analysis.Atoms.Stability;

/// <summary>The assignment of rows to columns with the greatest sum, each used at most once.</summary>
/// <remarks>The Hungarian method with potentials and shortest augmenting paths (Kuhn 1955, Munkres 1957), n²·m steps.</remarks>
internal static class Assignment
{
    /// <summary>The mean of the chosen entries: as many as the shorter side has.</summary>
    /// <param name="values">What a pair is worth.</param>
    public static double MeanOfBest(double[,] values)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        var isTall = rows > columns;
        var (n, m) = isTall ? (columns, rows) : (rows, columns);
        double Cost(int row, int column) => isTall ? -values[column, row] : -values[row, column];
        // Places from 1; column 0 stands for "none yet".
        var (rowPotential, columnPotential) = (new double[n + 1], new double[m + 1]);
        var rowOf = new int[m + 1];
        for (var row = 1; row <= n; row++)
        {
            Augment(row, m, Cost, rowPotential, columnPotential, rowOf);
        }

        var sum = 0.0;
        for (var column = 1; column <= m; column++)
        {
            sum -= rowOf[column] > 0 ? Cost(rowOf[column] - 1, column - 1) : 0;
        }

        return sum / n;
    }

    /// <summary>Finds the cheapest path from a row to a free column and turns the pairs along it.</summary>
    private static void Augment(int row, int m, Func<int, int, double> cost, double[] rowPotential, double[] columnPotential, int[] rowOf)
    {
        var least = new double[m + 1];
        Array.Fill(least, double.PositiveInfinity);
        var (previous, used) = (new int[m + 1], new bool[m + 1]);
        rowOf[0] = row;
        var column = 0;
        do
        {
            used[column] = true;
            var (current, delta, next) = (rowOf[column], double.PositiveInfinity, 0);
            for (var j = 1; j <= m; j++)
            {
                if (used[j])
                {
                    continue;
                }

                var reduced = cost(current - 1, j - 1) - rowPotential[current] - columnPotential[j];
                if (reduced < least[j])
                {
                    (least[j], previous[j]) = (reduced, column);
                }

                if (least[j] < delta)
                {
                    (delta, next) = (least[j], j);
                }
            }

            for (var j = 0; j <= m; j++)
            {
                if (used[j])
                {
                    rowPotential[rowOf[j]] += delta;
                    columnPotential[j] -= delta;
                }
                else
                {
                    least[j] -= delta;
                }
            }

            column = next;
        }
        while (rowOf[column] != 0);
        while (column != 0)
        {
            rowOf[column] = rowOf[previous[column]];
            column = previous[column];
        }
    }
}
