using System.Text.Json;
using Interp.Compute;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Texts in a JSON file: a list of strings, or an object whose <c>texts</c> is one.</summary>
internal static class TextList
{
    /// <summary>Reads the texts.</summary>
    /// <exception cref="InterpException">The file is missing, is no JSON, or holds no texts.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("texts", out var inner))
            {
                root = inner;
            }

            string[] texts = root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
                ? [.. root.EnumerateArray().Select(item => item.GetString()!).Where(text => text.Length > 0)]
                : [];
            return texts.Length > 0 ? texts : throw new InterpException($"{path}: should hold a list of texts, or an object with the list \"texts\"");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InterpException($"{path}: cannot be read as a list of texts ({(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.ReplaceLineEndings(" "))})", e);
        }
    }
}
