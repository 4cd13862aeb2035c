using System.Globalization;

namespace Interp.Analysis.Tests.Capacity;

/// <summary>Reads a reference table: comments, a header row, commas.</summary>
internal static class OracleTable
{
    public static IReadOnlyList<Dictionary<string, string>> Read(string file)
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "capacity", file)).Where(line => !line.StartsWith('#')).ToArray();
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    public static double Number(this Dictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);
}
