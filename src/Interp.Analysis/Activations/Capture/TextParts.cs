using System.Text;
using Interp.Analysis.Activations;
using Interp.Compute;

namespace Interp.Analysis.Activations.Capture;

/// <summary>
/// A UTF-8 text file cut into parts at line ends (at character ends where lines are longer), visited in a seeded order,
/// so that a sample of a long text is spread over all of it while one part is held in memory. A <c>.json</c> file holds a list of texts (or
/// an object with the list <c>texts</c>); each is a part.
/// </summary>
internal static class TextParts
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The parts; every character of the file is in one of them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="partBytes">About how long a part is.</param>
    /// <exception cref="InterpException">The file is missing or empty, or is not UTF-8.</exception>
    public static IEnumerable<string> Read(string path, long seed, int partBytes)
    {
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            var texts = TextList.Read(path);
            var places = new RowPermutation(texts.Count, seed, "text parts");
            for (long i = 0; i < texts.Count; i++)
            {
                yield return texts[(int)(texts.Count == 1 ? 0 : places[i])];
            }

            yield break;
        }

        using var stream = Open(path);
        if (stream.Length == 0)
        {
            throw new InterpException($"{path}: is empty; give a text file with some text");
        }

        var count = (stream.Length + partBytes - 1) / partBytes;
        var order = new RowPermutation(count, seed, "text parts");
        for (long i = 0; i < count; i++)
        {
            var part = count == 1 ? 0 : order[i];
            var start = Boundary(stream, part * partBytes, partBytes);
            var end = Boundary(stream, (part + 1) * partBytes, partBytes);
            if (end > start)
            {
                yield return Decode(stream, path, start, end);
            }
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"{path}: cannot be read ({(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message)})", e);
        }
    }

    /// <summary>Where the part that nominally starts at an offset really starts: behind the next line end, or else at the next character.</summary>
    private static long Boundary(FileStream stream, long offset, int partBytes)
    {
        if (offset == 0 || offset >= stream.Length)
        {
            return Math.Min(offset, stream.Length);
        }

        // The byte before the offset is looked at too: a line may end exactly there.
        var window = new byte[(int)Math.Min(partBytes, stream.Length - offset + 1)];
        stream.Position = offset - 1;
        stream.ReadExactly(window);
        var line = Array.IndexOf(window, (byte)'\n');
        if (line >= 0)
        {
            return offset + line;
        }

        var shift = 1;
        while (shift < window.Length && (window[shift] & 0xC0) == 0x80)
        {
            shift++;
        }

        return offset - 1 + shift;
    }

    private static string Decode(FileStream stream, string path, long start, long end)
    {
        var bytes = new byte[end - start];
        stream.Position = start;
        stream.ReadExactly(bytes);
        try
        {
            return s_strict.GetString(start == 0 && bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new InterpException($"{path}: is no UTF-8 text between bytes {start} and {end}; convert it to UTF-8", e);
        }
    }
}
