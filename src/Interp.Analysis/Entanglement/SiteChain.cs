using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement;

/// <summary>
/// A matrix seen as a chain of small sites: the prime factors of its dimensions, the first factor of each dimension the most
/// significant digit of its index. Padding is never added, so a prime dimension is one large site.
/// </summary>
public sealed record SiteChain
{
    private readonly long[]? _permutation;
    private readonly long[] _digits = [];

    private SiteChain(int[] sites, int boundary, int rows, int columns)
    {
        Sites = sites;
        Boundary = boundary;
        Rows = rows;
        Columns = columns;
    }

    private SiteChain(int[] sites, int rows, int columns, long[] digits, long[] permutation) : this(sites, 0, rows, columns)
    {
        _digits = digits;
        _permutation = permutation;
    }

    /// <summary>The sites' dimensions, in order.</summary>
    public int[] Sites { get; }

    /// <summary>The cut between rows and columns, as the number of sites before it; 0 where no cut separates them.</summary>
    public int Boundary { get; }

    /// <summary>The rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>The columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>The number of cuts, one less than there are sites.</summary>
    public int CutCount => Math.Max(Sites.Length - 1, 0);

    /// <summary>The dimension left of each cut.</summary>
    public long[] LeftDimensions
    {
        get
        {
            var product = 1L;
            return [.. Sites.Take(CutCount).Select(site => product *= site)];
        }
    }

    /// <summary>The chain of a matrix.</summary>
    /// <param name="rows">Its rows m ≥ 1.</param>
    /// <param name="columns">Its columns n ≥ 1.</param>
    /// <param name="order">The order of prime factors.</param>
    /// <param name="layout">How row and column sites are lined up.</param>
    public static SiteChain Of(int rows, int columns, PrimeOrder order = PrimeOrder.Ascending, SiteLayout layout = SiteLayout.RowsThenColumns)
    {
        var rowSites = Factors(rows, order);
        var columnSites = Factors(columns, order);
        int[] digits = [.. rowSites, .. columnSites];
        if (layout == SiteLayout.RowsThenColumns)
        {
            var isInside = rowSites.Length > 0 && columnSites.Length > 0;
            return new SiteChain(digits, isInside ? rowSites.Length : 0, rows, columns);
        }

        var places = Interleave(rowSites.Length, columnSites.Length);
        return new SiteChain([.. places.Select(place => digits[place])], rows, columns, [.. digits.Select(digit => (long)digit)], [.. places.Select(place => (long)place)]);
    }

    /// <summary>The prime factors of a number, with repetition; none of 1.</summary>
    public static int[] Factors(int number, PrimeOrder order = PrimeOrder.Ascending)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        var factors = new List<int>();
        for (var prime = 2; (long)prime * prime <= number; prime++)
        {
            for (; number % prime == 0; number /= prime)
            {
                factors.Add(prime);
            }
        }

        if (number > 1)
        {
            factors.Add(number);
        }

        if (order == PrimeOrder.Descending)
        {
            factors.Reverse();
        }

        return [.. factors];
    }

    /// <summary>The states' amplitudes in the order of the sites.</summary>
    /// <param name="matrices">Matrices <c>[b, m, n]</c>.</param>
    /// <returns><c>[b, m·n]</c>, a view where the layout allows; the caller owns it.</returns>
    internal Tensor States(Tensor matrices)
    {
        using var scope = NewDisposeScope();
        var count = matrices.shape[0];
        var ordered = _permutation is null
            ? matrices
            : matrices.reshape([count, .. _digits]).permute([0, .. _permutation.Select(axis => axis + 1)]);
        return ordered.reshape(count, -1).MoveToOuterDisposeScope();
    }

    private static int[] Interleave(int rows, int columns)
    {
        var places = new List<int>();
        for (var i = 0; i < Math.Max(rows, columns); i++)
        {
            if (i < rows)
            {
                places.Add(i);
            }

            if (i < columns)
            {
                places.Add(rows + i);
            }
        }

        return [.. places];
    }
}
