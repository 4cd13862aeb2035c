using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>Rows of tokens with what is to be predicted at each position.</summary>
/// <param name="Ids">int64 [row, position].</param>
/// <param name="Targets">int64 [row, position]: the token that should follow, or <see cref="Ignored"/> where nothing is asked.</param>
public sealed record TokenRows(Tensor Ids, Tensor Targets) : IDisposable
{
    /// <summary>The target of a position at which nothing is asked (PyTorch's convention).</summary>
    public const long Ignored = -100;

    /// <summary>How many rows there are.</summary>
    public int Count => (int)Ids.shape[0];

    /// <summary>Cuts a text's tokens into rows, each position of which predicts the next token; a rest shorter than a row is left out.</summary>
    /// <param name="ids">The tokens, in order.</param>
    /// <param name="length">Positions a row, at least 1; a row takes one token more, which is also the next row's first.</param>
    /// <exception cref="InterpException">There are too few tokens for one row.</exception>
    public static TokenRows FromStream(ReadOnlySpan<int> ids, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var rows = (ids.Length - 1) / length;
        if (rows < 1)
        {
            throw new InterpException($"{ids.Length} tokens do not fill one row of {length}: give more text or a shorter length");
        }

        var (inputs, targets) = (new long[rows * length], new long[rows * length]);
        for (var i = 0; i < inputs.Length; i++)
        {
            (inputs[i], targets[i]) = (ids[i], ids[i + 1]);
        }

        return Create(inputs, targets, rows, length);
    }

    /// <summary>Rows of their own, padded at the end to the longest; each predicts its tokens from <paramref name="firstTarget"/> on.</summary>
    /// <param name="rows">The rows' tokens, at least two each.</param>
    /// <param name="firstTarget">The first token that is asked for, counted from 0 and, where negative, from the row's end.</param>
    /// <param name="padding">What stands after short rows; nothing is asked there.</param>
    public static TokenRows FromRows(IReadOnlyList<int[]> rows, int firstTarget = 1, int padding = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        var length = rows.Max(row => row.Length) - 1;
        var (inputs, targets) = (new long[rows.Count * length], new long[rows.Count * length]);
        Array.Fill(inputs, padding);
        Array.Fill(targets, Ignored);
        for (var r = 0; r < rows.Count; r++)
        {
            var row = rows[r];
            var first = firstTarget < 0 ? row.Length + firstTarget : firstTarget;
            for (var i = 0; i < row.Length - 1; i++)
            {
                inputs[(r * length) + i] = row[i];
                targets[(r * length) + i] = i + 1 >= first ? row[i + 1] : Ignored;
            }
        }

        return Create(inputs, targets, rows.Count, length);
    }

    /// <summary>Some of the rows, in the current dispose scope.</summary>
    public TokenRows Select(Tensor rows) => new(Ids.index_select(0, rows), Targets.index_select(0, rows));

    /// <summary>A run of rows, views in the current dispose scope.</summary>
    public TokenRows Slice(int start, int count) => new(Ids.narrow(0, start, count), Targets.narrow(0, start, count));

    /// <summary>The rows on a device; these are freed, or are what is returned.</summary>
    internal TokenRows MovedTo(Device device)
    {
        if (device.type == DeviceType.CPU && Ids.device_type == DeviceType.CPU)
        {
            return this;
        }

        var moved = new TokenRows(Ids.to(device).DetachFromDisposeScope(), Targets.to(device).DetachFromDisposeScope());
        Dispose();
        return moved;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Ids.Dispose();
        Targets.Dispose();
    }

    private static TokenRows Create(long[] inputs, long[] targets, int rows, int length) =>
        new(tensor(inputs, rows, length).DetachFromDisposeScope(), tensor(targets, rows, length).DetachFromDisposeScope());
}
