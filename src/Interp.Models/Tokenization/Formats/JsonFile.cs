using System.Text.Json;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads a JSON file of a tokenizer.</summary>
internal static class JsonFile
{
    /// <summary>Calls with the file's root and returns the answer.</summary>
    /// <exception cref="TokenizerException">The file cannot be read or is not JSON.</exception>
    public static T Read<T>(string path, Func<JsonPart, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return read(new JsonPart(document.RootElement, path, ""));
        }
        catch (JsonException failure)
        {
            var where = failure.LineNumber is { } line ? $"line {line + 1}" : "the start";
            throw new TokenizerException($"{path}: not valid JSON at {where}: get the file again", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path}: cannot be read: {failure.Message}", failure);
        }
    }
}
