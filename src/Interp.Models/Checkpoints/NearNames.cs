namespace Interp.Models.Checkpoints;

/// <summary>Finds the names a user may have meant.</summary>
public static class NearNames
{
    /// <summary>Files may hold any number of names of any length; not all are worth comparing.</summary>
    private const int MostNames = 20_000;

    private const int LongestName = 256;

    /// <summary>The nearest names by edit distance, as a comma-separated list.</summary>
    public static string List(string asked, IEnumerable<string> names, int count = 3) => List(asked, names, name => name, count);

    /// <summary>The names whose keys are nearest by edit distance, as a comma-separated list.</summary>
    public static string List(string asked, IEnumerable<string> names, Func<string, string> key, int count = 3) =>
        string.Join(", ", names.Where(name => name.Length <= LongestName).Take(MostNames).OrderBy(name => Distance(asked, key(name))).ThenBy(name => name, StringComparer.Ordinal).Take(count));

    /// <summary>The Levenshtein distance: O(a·b) time, O(b) memory.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
