namespace Interp.Analysis.Circles.Irreps;

/// <summary>Characters of the symmetric groups by the Murnaghan–Nakayama rule.</summary>
internal static class SymmetricCharacters
{
    /// <summary>All permutations of 0 … n − 1 in lexicographic order.</summary>
    public static int[][] Permutations(int n) => n == 0
        ? [[]]
        : [.. Enumerable.Range(0, n).SelectMany(first => Permutations(n - 1).Select(rest => (int[])[first, .. rest.Select(x => x < first ? x : x + 1)]))];

    /// <summary>All partitions of n, parts descending, the single part first.</summary>
    public static IEnumerable<int[]> Partitions(int n) => Partitions(n, n);

    /// <summary>The lengths of a permutation's cycles.</summary>
    public static int[] CycleType(int[] permutation)
    {
        var isSeen = new bool[permutation.Length];
        var lengths = new List<int>();
        for (var start = 0; start < permutation.Length; start++)
        {
            var length = 0;
            for (var x = start; !isSeen[x]; x = permutation[x])
            {
                isSeen[x] = true;
                length++;
            }

            if (length > 0)
            {
                lengths.Add(length);
            }
        }

        return [.. lengths];
    }

    /// <summary>The character of the irreducible representation of a partition at permutations of a cycle type.</summary>
    public static int Of(int[] shape, int[] cycles)
    {
        // First-column hook lengths; taking a rim hook of length m away lowers one of them by m.
        var beads = shape.Select((part, row) => part + shape.Length - 1 - row).ToHashSet();
        return Of(beads, cycles, 0);
    }

    private static int Of(HashSet<int> beads, int[] cycles, int next)
    {
        if (next == cycles.Length)
        {
            return 1;
        }

        var sum = 0;
        foreach (var bead in beads)
        {
            var lowered = bead - cycles[next];
            if (lowered < 0 || beads.Contains(lowered))
            {
                continue;
            }

            var height = beads.Count(other => other > lowered && other < bead);
            sum += (height % 2 == 0 ? 1 : -1) * Of([.. beads.Where(other => other != bead), lowered], cycles, next + 1);
        }

        return sum;
    }

    private static IEnumerable<int[]> Partitions(int n, int largest)
    {
        if (n == 0)
        {
            yield return [];
        }

        for (var part = Math.Min(n, largest); part >= 1; part--)
        {
            foreach (var rest in Partitions(n - part, part))
            {
                yield return [part, .. rest];
            }
        }
    }
}
