using System.Text.Json;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Ids, offsets and decoded texts that the reference implementations gave for the texts of Data/tokenizers/texts.json.</summary>
internal sealed record GoldenFile(string Text, int[] Ids, int[]? Full, int[]? Starts, int[]? Ends, string Decoded)
{
    /// <summary>The folder of the small tokenizers and the golden files.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Data", "tokenizers");

    /// <summary>All texts of a tokenizer.</summary>
    public static IReadOnlyList<GoldenFile> Read(string name)
    {
        using var texts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "texts.json")));
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden", name + ".json")));
        return [.. texts.RootElement.GetProperty("texts").EnumerateArray().Zip(golden.RootElement.EnumerateArray(), (text, row) => new GoldenFile(
            text.GetString()!, Numbers(row, "ids")!, Numbers(row, "full"), Numbers(row, "starts"), Numbers(row, "ends"), row.GetProperty("decoded").GetString()!))];
    }

    private static int[]? Numbers(JsonElement row, string name) =>
        row.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(number => number.GetInt32())] : null;
}
