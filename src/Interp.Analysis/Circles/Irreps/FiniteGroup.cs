using System.Globalization;
using Interp.Compute;

namespace Interp.Analysis.Circles.Irreps;

/// <summary>A finite group as a table of quotients, with its irreducible representations. Real characters suffice: conjugate pairs are taken together.</summary>
/// <param name="Name">What to call it ("S5").</param>
/// <param name="Quotients">The index of g·h⁻¹ by g and h.</param>
/// <param name="Irreps">The irreducible representations, the trivial one first.</param>
internal sealed record FiniteGroup(string Name, int[,] Quotients, IReadOnlyList<Irrep> Irreps)
{
    private const int LargestDegree = 6;

    /// <summary>The number of elements.</summary>
    public int Order => Quotients.GetLength(0);

    /// <summary>Makes a group.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="degree">n of the kind.</param>
    /// <exception cref="InterpException">There is no such group, or it is too large.</exception>
    public static FiniteGroup Create(GroupKind kind, int degree) => kind switch
    {
        GroupKind.Cyclic when degree >= 2 => Cyclic(degree),
        GroupKind.Dihedral when degree >= 3 => Dihedral(degree),
        GroupKind.Symmetric when degree is >= 2 and <= LargestDegree => Symmetric(degree),
        GroupKind.Symmetric => throw new InterpException($"the symmetric group of degree {degree} is not at hand: use 2 to {LargestDegree}"),
        _ => throw new InterpException($"there is no {kind.ToString().ToLowerInvariant()} group of degree {degree}: use at least {(kind == GroupKind.Cyclic ? 2 : 3)}"),
    };

    private static FiniteGroup Cyclic(int n)
    {
        var irreps = new List<Irrep> { Scaled("trivial", 1, n, _ => 1) };
        for (var k = 1; k <= n / 2; k++)
        {
            var pair = 2 * k == n ? 1 : 2;
            irreps.Add(Scaled(Number(k), 1, n, g => pair * Cosine((long)k * g, n)));
        }

        return new FiniteGroup($"Z{Number(n)}", Table(n, (g, h) => (g - h + n) % n), irreps);
    }

    private static FiniteGroup Dihedral(int n)
    {
        // s·r^i·s = r^(−i): a product of two rotations or of two reflections is a rotation.
        int Quotient(int g, int h)
        {
            var (i, j) = (g % n, h % n);
            var (isReflected, isOther) = (g >= n, h >= n);
            return isOther
                ? (isReflected ? 0 : n) + (((j - i) % n + n) % n)
                : (isReflected ? n : 0) + ((i - j + n) % n);
        }

        double Sign(int g) => g >= n ? -1 : 1;
        double Alternating(int g) => g % 2 == 0 ? 1 : -1;
        var order = 2 * n;
        var irreps = new List<Irrep> { Scaled("trivial", 1, order, _ => 1), Scaled("sign", 1, order, Sign) };
        if (n % 2 == 0)
        {
            irreps.Add(Scaled("alternating", 1, order, g => Alternating(g % n)));
            irreps.Add(Scaled("alternating sign", 1, order, g => Alternating(g % n) * Sign(g)));
        }

        for (var k = 1; 2 * k < n; k++)
        {
            var frequency = k;
            irreps.Add(Scaled(Number(k), 2, order, g => g >= n ? 0 : 2 * Cosine((long)frequency * g, n)));
        }

        return new FiniteGroup($"D{Number(n)}", Table(order, Quotient), irreps);
    }

    private static FiniteGroup Symmetric(int n)
    {
        var elements = SymmetricCharacters.Permutations(n);
        var indices = elements.Select((element, index) => (Key: Key(element), index)).ToDictionary(pair => pair.Key, pair => pair.index, StringComparer.Ordinal);
        int Quotient(int g, int h)
        {
            var inverse = new int[n];
            for (var x = 0; x < n; x++)
            {
                inverse[elements[h][x]] = x;
            }

            return indices[Key(Array.ConvertAll(inverse, x => elements[g][x]))];
        }

        var types = elements.Select(SymmetricCharacters.CycleType).ToArray();
        var irreps = SymmetricCharacters.Partitions(n)
            .Select(shape => Scaled(
                shape.Length == 1 ? "trivial" : $"[{string.Join(",", shape)}]",
                SymmetricCharacters.Of(shape, [.. Enumerable.Repeat(1, n)]),
                elements.Length,
                g => SymmetricCharacters.Of(shape, types[g])))
            .ToArray();
        return new FiniteGroup($"S{Number(n)}", Table(elements.Length, Quotient), irreps);
    }

    private static Irrep Scaled(string name, int dimension, int order, Func<int, double> character) =>
        new(name, dimension, [.. Enumerable.Range(0, order).Select(g => dimension * character(g) / order)]);

    private static int[,] Table(int order, Func<int, int, int> quotient)
    {
        var table = new int[order, order];
        for (var g = 0; g < order; g++)
        {
            for (var h = 0; h < order; h++)
            {
                table[g, h] = quotient(g, h);
            }
        }

        return table;
    }

    private static double Cosine(long turns, int n) => Math.Cos(2 * Math.PI * (turns % n) / n);

    private static string Key(int[] permutation) => string.Join(',', permutation);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
