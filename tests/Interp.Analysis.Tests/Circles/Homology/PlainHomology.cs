namespace Interp.Analysis.Tests.Circles.Homology;

/// <summary>First persistent homology over Z₂ by reducing the boundary matrix of all simplices, as the textbook has it; slow.</summary>
internal static class PlainHomology
{
    /// <summary>The bars of positive length.</summary>
    public static List<(double Birth, double Death)> Bars(double[][] points)
    {
        var n = points.Length;
        double Distance(int i, int j) => Math.Sqrt(points[i].Zip(points[j], (x, y) => (x - y) * (x - y)).Sum());
        var simplices = new List<(double Length, int[] Corners)>();
        for (var i = 0; i < n; i++)
        {
            simplices.Add((0, [i]));
            for (var j = i + 1; j < n; j++)
            {
                simplices.Add((Distance(i, j), [i, j]));
                for (var k = j + 1; k < n; k++)
                {
                    simplices.Add((Math.Max(Distance(i, j), Math.Max(Distance(i, k), Distance(j, k))), [i, j, k]));
                }
            }
        }

        simplices = [.. simplices.OrderBy(simplex => simplex.Length).ThenBy(simplex => simplex.Corners.Length)];
        var places = simplices.Select((simplex, place) => (Key: string.Join(',', simplex.Corners), place)).ToDictionary(pair => pair.Key, pair => pair.place);
        var columns = new Dictionary<int, SortedSet<int>>();
        var bars = new List<(double, double)>();
        for (var place = 0; place < simplices.Count; place++)
        {
            var corners = simplices[place].Corners;
            var column = new SortedSet<int>(corners.Length == 1 ? [] : corners.Select(left => places[string.Join(',', corners.Where(corner => corner != left))]));
            while (column.Count > 0 && columns.TryGetValue(column.Max, out var other))
            {
                column.SymmetricExceptWith(other);
            }

            if (column.Count > 0)
            {
                columns.Add(column.Max, column);
                var born = simplices[column.Max];
                if (born.Corners.Length == 2 && simplices[place].Length - born.Length > 1e-9)
                {
                    bars.Add((born.Length, simplices[place].Length));
                }
            }
        }

        return bars;
    }
}
