namespace Interp.Models.Hooks;

/// <summary>Which positions of an input are meant: all, the last, a range or a list; negative numbers count from the end.</summary>
public sealed record HookPositions
{
    private HookPositions(int? from, int? to, IReadOnlyList<int>? list)
    {
        From = from;
        To = to;
        List = list;
    }

    /// <summary>Every position.</summary>
    public static HookPositions All { get; } = new(null, null, null);

    /// <summary>The last position.</summary>
    public static HookPositions Last { get; } = new(-1, null, null);

    /// <summary>The first position of a range, or null for the beginning.</summary>
    public int? From { get; }

    /// <summary>One past the last position of a range, or null for the end.</summary>
    public int? To { get; }

    /// <summary>The positions by number, or null where a range is meant.</summary>
    public IReadOnlyList<int>? List { get; }

    /// <summary>Whether every position is meant.</summary>
    public bool IsAll => From is null && To is null && List is null;

    /// <summary>A range.</summary>
    /// <param name="from">The first position; null for the beginning.</param>
    /// <param name="to">One past the last; null for the end.</param>
    public static HookPositions Range(int? from, int? to) => new(from, to, null);

    /// <summary>Positions by number.</summary>
    public static HookPositions At(params IReadOnlyList<int> positions) => new(null, null, [.. positions]);

    /// <summary>The positions in an input of a length, each from 0 on, in the order meant.</summary>
    /// <param name="length">The number of positions.</param>
    /// <exception cref="Compute.InterpException">A position is outside the input, or none is left.</exception>
    public IReadOnlyList<long> Of(long length)
    {
        long Absolute(int position) => position < 0 ? position + length : position;
        if (List is not null)
        {
            return List.Count > 0 && List.All(position => Absolute(position) is >= 0 and var at && at < length)
                ? [.. List.Select(Absolute)]
                : throw new Compute.InterpException($"the positions {string.Join(", ", List)} are not all in an input of {length}: positions are 0 to {length - 1}, or negative to count from the end");
        }

        var (first, end) = (Math.Max(0, Absolute(From ?? 0)), Math.Min(length, To is { } to ? Absolute(to) : length));
        return first < end
            ? [.. Enumerable.Range(0, (int)(end - first)).Select(i => first + i)]
            : throw new Compute.InterpException($"no position is left of {From}..{To} in an input of {length}");
    }
}
