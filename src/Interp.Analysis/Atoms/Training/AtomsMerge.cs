using System.Text.Json;
using Interp.Compute;

namespace Interp.Analysis.Atoms.Training;

/// <summary>Puts the parts of a grid of dictionaries together: the folder becomes, byte for byte, what one process would have written.</summary>
public static class AtomsMerge
{
    /// <summary>Merges parts.</summary>
    /// <param name="parts">Of every part its option <c>Only</c>, its folder of dictionaries, and its result.</param>
    /// <param name="outputFolder">Receives the dictionaries' folders.</param>
    /// <returns>What the training by one process would have returned.</returns>
    /// <exception cref="InterpException">A part is missing, there twice, or does not fit the others.</exception>
    public static AtomsResult Run(IReadOnlyList<(string Only, string Folder, AtomsResult Result)> parts, string outputFolder)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var ordered = parts.Select(part => (Part: WorkPart.Parse(part.Only, "--only")!.Value, part.Folder, part.Result)).OrderBy(part => part.Part.Index).ToArray();
        MergedParts.RequireAll([.. ordered.Select(part => (part.Folder, part.Part))]);
        var count = ordered.Length;
        var rows = new List<(AtomsGridRow Row, string Folder)>();
        for (var place = 0; ordered.Any(part => place < part.Result.Grid.Count); place++)
        {
            rows.AddRange(ordered.Where(part => place < part.Result.Grid.Count).Select(part => (part.Result.Grid[place], part.Folder)));
        }

        if (rows.DistinctBy(row => row.Row.Name).Count() != rows.Count || ordered.Any(part => part.Result.Grid.Count < rows.Count / count))
        {
            throw new InterpException($"{ordered[0].Folder} and the other {count - 1} parts are not of one grid: merge parts that were trained with the same options but --only");
        }

        AtomsResult? first = null;
        foreach (var (row, folder) in rows.Where(row => row.Row.Failure is null))
        {
            var source = Path.Combine(folder, row.Name);
            Copy(source, Path.Combine(outputFolder, row.Name));
            first ??= Read(Path.Combine(source, AtomsAnalysis.MetricsFile));
        }

        // Where each part captured its model first, all captured the same.
        if (Directory.Exists(Path.Combine(ordered[0].Folder, AtomsInput.CapturedFolder)))
        {
            Copy(Path.Combine(ordered[0].Folder, AtomsInput.CapturedFolder), Path.Combine(outputFolder, AtomsInput.CapturedFolder));
        }

        return first! with { Grid = [.. rows.Select(row => row.Row)] };
    }

    private static AtomsResult Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AtomsResult>(File.ReadAllText(path), ResultJson.Options)!;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InterpException($"{path}: cannot be read ({e.Message.ReplaceLineEndings(" ")}); train this part again", e);
        }
    }

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            throw new InterpException($"{from}: this dictionary of the part is missing; copy the part again or train it again");
        }

        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
