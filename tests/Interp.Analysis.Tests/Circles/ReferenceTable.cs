using System.Globalization;

namespace Interp.Analysis.Tests.Circles;

/// <summary>The rows of Data/circles/circles-indices.csv and the closed forms beside it.</summary>
internal static class ReferenceTable
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, double>>> s_rows = new(ReadRows);
    private static readonly Lazy<Dictionary<string, double>> s_closedForms = new(() =>
        Lines("circles-closed-forms.csv").Skip(1).Select(Fields).ToDictionary(f => f[0], f => Number(f[2])));

    private static readonly Lazy<Dictionary<(string Part, string Quantity), (int? Rank, double Value)>> s_evr = new(() =>
        Lines("evr.csv").Skip(1).Select(Fields).ToDictionary(f => (f[0], f[1]), f => (f[2].Length == 0 ? (int?)null : (int)Number(f[2]), Number(f[3]))));

    public static double Value(string cloud, string column) => s_rows.Value[cloud][column];

    public static double ClosedForm(string name) => s_closedForms.Value[name];

    public static double Evr(string part, string quantity) => s_evr.Value[(part, quantity)].Value;

    public static int EvrRank(string part, string quantity) => s_evr.Value[(part, quantity)].Rank!.Value;

    private static Dictionary<string, Dictionary<string, double>> ReadRows()
    {
        var lines = Lines("circles-indices.csv").Select(Fields).ToArray();
        return lines.Skip(1).ToDictionary(
            row => row[0],
            row => Enumerable.Range(2, row.Length - 2).ToDictionary(i => lines[0][i], i => Number(row[i])));
    }

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "circles", file)).Where(line => line.Length > 0 && line[0] != '#');

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The fields of a line; quotes protect commas.</summary>
    private static string[] Fields(string line)
    {
        var parts = line.Split('"');
        var fields = new List<string> { "" };
        for (var part = 0; part < parts.Length; part++)
        {
            if (part % 2 == 1)
            {
                fields[^1] += parts[part];
                continue;
            }

            var pieces = parts[part].Split(',');
            fields[^1] += pieces[0];
            fields.AddRange(pieces.Skip(1));
        }

        return [.. fields];
    }
}
