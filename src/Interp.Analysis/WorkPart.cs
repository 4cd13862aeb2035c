using System.Globalization;
using Interp.Compute;

namespace Interp.Analysis;

/// <summary>One part of a work that is spread over several processes: of the pieces of the work, in their order, every <paramref name="Count"/>-th.</summary>
/// <param name="Index">The part, from 1.</param>
/// <param name="Count">The parts.</param>
internal readonly record struct WorkPart(int Index, int Count)
{
    /// <summary>Reads <c>i/n</c>.</summary>
    /// <param name="text">The text; null or empty for no division.</param>
    /// <param name="flag">The flag that it was given with, for the message.</param>
    /// <exception cref="InterpException">It is no part.</exception>
    public static WorkPart? Parse(string? text, string flag)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Number(text.AsSpan(0, slash), out var index) && Number(text.AsSpan(slash + 1), out var count) && index >= 1 && index <= count
            ? new WorkPart(index, count)
            : throw new InterpException($"{flag} {text} is no part: write i/n, 2/4 for the second of four");
    }

    /// <summary>Whether a piece belongs to the part.</summary>
    /// <param name="piece">The piece's number, from 0.</param>
    public bool Owns(long piece) => piece % Count == Index - 1;

    /// <inheritdoc/>
    public override string ToString() => $"{Index}/{Count}";

    private static bool Number(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
