namespace Interp.Analysis.Circles.Homology;

/// <summary>
/// First persistent cohomology over the integers modulo a prime, which has the bars of homology: coboundaries of edges are reduced
/// from the last edge to the first, and edges that join two components are cleared (de Silva, Morozov, Vejdemo-Johansson 2011;
/// Bauer 2021).
/// </summary>
internal sealed class RipsCohomology
{
    private readonly RipsFiltration _filtration;
    private readonly int _prime;
    private readonly int[] _inverses;
    private readonly Dictionary<long, (int Edge, int Coefficient)> _owners = [];
    private readonly Dictionary<int, List<(int Edge, int Coefficient)>> _added = [];

    /// <summary>Reduces every edge.</summary>
    /// <param name="filtration">The complexes.</param>
    /// <param name="prime">The prime.</param>
    /// <param name="cancellation">Stops between edges.</param>
    public RipsCohomology(RipsFiltration filtration, int prime, CancellationToken cancellation)
    {
        (_filtration, _prime) = (filtration, prime);
        _inverses = [.. Enumerable.Range(0, prime).Select(value => Enumerable.Range(0, prime).FirstOrDefault(other => value * other % prime == 1))];
        var joining = JoiningEdges();
        var bars = new List<(int Edge, PersistenceBar Bar)>();
        for (var edge = filtration.Edges.Length - 1; edge >= 0; edge--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!joining[edge] && Reduce(edge) is { } triangle)
            {
                var (first, second) = filtration.Edges[edge];
                bars.Add((edge, new PersistenceBar(filtration.Lengths[filtration.Rank(first, second)], filtration.LengthOf(triangle))));
            }
        }

        Bars = [.. bars.Where(bar => bar.Bar.Length > 0).OrderByDescending(bar => bar.Bar.Length).ThenBy(bar => bar.Edge)];
    }

    /// <summary>The bars of positive length, longest first, each with the edge that makes its loop.</summary>
    public IReadOnlyList<(int Edge, PersistenceBar Bar)> Bars { get; }

    /// <summary>A cocycle of a bar: the edges and coefficients, 1 … prime − 1, on the complex of every length below the bar's death.</summary>
    public IReadOnlyList<(int Edge, int Coefficient)> Cocycle(int edge) => [(edge, 1), .. _added.GetValueOrDefault(edge) ?? []];

    /// <summary>The triangle that fills the loop an edge makes, or null when no coboundary is left.</summary>
    private long? Reduce(int edge)
    {
        var (first, second) = _filtration.Edges[edge];
        var pivot = (Key: long.MaxValue, Sign: 0);
        foreach (var coface in _filtration.Cofaces(first, second))
        {
            pivot = coface.Key < pivot.Key ? coface : pivot;
        }

        return pivot.Sign == 0 ? null : _owners.TryAdd(pivot.Key, (edge, (pivot.Sign + _prime) % _prime)) ? pivot.Key : ReduceByOthers(edge);
    }

    private long? ReduceByOthers(int edge)
    {
        var column = new PriorityQueue<int, long>();
        var added = new Dictionary<int, int>();
        Add(column, edge, 1);
        while (Pivot(column) is { } pivot)
        {
            if (_owners.TryAdd(pivot.Key, (edge, pivot.Coefficient)))
            {
                _added[edge] = [.. added.Where(pair => pair.Value != 0).Select(pair => (pair.Key, pair.Value)).Order()];
                return pivot.Key;
            }

            // The owner's column is taken as often as cancels the pivot.
            var owner = _owners[pivot.Key];
            var times = (_prime - pivot.Coefficient) * _inverses[owner.Coefficient] % _prime;
            foreach (var (other, coefficient) in Cocycle(owner.Edge))
            {
                Add(column, other, times * coefficient % _prime);
                added[other] = (added.GetValueOrDefault(other) + (times * coefficient)) % _prime;
            }

            column.Enqueue(pivot.Coefficient, pivot.Key);
        }

        return null;
    }

    private void Add(PriorityQueue<int, long> column, int edge, int times)
    {
        var (first, second) = _filtration.Edges[edge];
        foreach (var (key, sign) in _filtration.Cofaces(first, second))
        {
            column.Enqueue(((sign * times) + _prime) % _prime, key);
        }
    }

    /// <summary>Takes the first triangle whose coefficients do not cancel from a column.</summary>
    private (long Key, int Coefficient)? Pivot(PriorityQueue<int, long> column)
    {
        while (column.TryDequeue(out var coefficient, out var key))
        {
            while (column.TryPeek(out _, out var next) && next == key)
            {
                coefficient += column.Dequeue();
            }

            if (coefficient % _prime != 0)
            {
                return (key, coefficient % _prime);
            }
        }

        return null;
    }

    /// <summary>Which edges join two components when they appear, and so make no loop.</summary>
    private bool[] JoiningEdges()
    {
        var parents = Enumerable.Range(0, _filtration.Count).ToArray();
        int Root(int point) => parents[point] == point ? point : parents[point] = Root(parents[point]);
        return Array.ConvertAll(_filtration.Edges, edge =>
        {
            var (first, second) = (Root(edge.First), Root(edge.Second));
            parents[first] = second;
            return first != second;
        });
    }
}
