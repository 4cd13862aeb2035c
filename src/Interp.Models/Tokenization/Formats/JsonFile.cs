using System.Text.Json;
using System.Text.Unicode;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads a JSON file of a tokenizer.</summary>
internal static class JsonFile
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Calls with the file's root and returns the answer.</summary>
    /// <exception cref="TokenizerException">The file cannot be read or is not JSON.</exception>
    public static T Read<T>(string path, Func<JsonPart, T> read)
    {
        try
        {
            var bytes = File.ReadAllBytes(path).AsMemory();
            if (!Utf8.IsValid(bytes.Span))
            {
                throw new TokenizerException($"{path}: not valid UTF-8: get the file again");
            }

            using var document = JsonDocument.Parse(bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes);
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
