using System.Globalization;
using Interp.Compute;

namespace Interp.Analysis.Capacity.Packing;

/// <summary>
/// The published packings: 166 optimised and 256 random cells. Source: repository Alex-Guha/representational-capacity (MIT),
/// commit c2d8f9f, described in arXiv 2606.02765 (Guha).
/// </summary>
internal static class PackingData
{
    public static IReadOnlyList<PackingCell> Optimized { get; } = Embedded("packing-optimized.csv");

    public static IReadOnlyList<PackingCell> Random { get; } = Embedded("packing-random.csv");

    /// <summary>Reads a table of k, d, ε: comments start with '#', one header row.</summary>
    /// <exception cref="InterpException">The file is missing, or a row is not three numbers.</exception>
    public static IReadOnlyList<PackingCell> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InterpException($"there is no table of packings {path}: name a CSV file with the columns k, d and the largest |cosine|");
        }

        using var reader = new StreamReader(path);
        return Read(reader, path);
    }

    private static List<PackingCell> Embedded(string name)
    {
        using var reader = new StreamReader(typeof(PackingData).Assembly.GetManifestResourceStream(name)!);
        return Read(reader, name);
    }

    private static List<PackingCell> Read(TextReader reader, string name)
    {
        var cells = new List<PackingCell>();
        var isHeader = true;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.Length == 0)
            {
                continue;
            }

            if (!isHeader)
            {
                cells.Add(Cell(line, name));
            }

            isHeader = false;
        }

        return cells;
    }

    private static PackingCell Cell(string line, string name)
    {
        var parts = line.Split(',');
        return parts.Length >= 3
            && int.TryParse(parts[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) && count >= 2
            && int.TryParse(parts[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var dimension) && dimension >= 1
            && double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var epsilon) && epsilon > 0
            ? new PackingCell(count, dimension, epsilon)
            : throw new InterpException($"{name}: \"{line}\" is no packing: a row is k ≥ 2, d ≥ 1 and a largest |cosine| above 0");
    }
}
