using static TorchSharp.torch;

namespace Interp.Models.Hooks;

/// <summary>Where and in which run a hook was called.</summary>
public sealed class HookContext
{
    internal HookContext(HookPoint point, Tensor tokenIds, IDictionary<string, object> scratch)
    {
        Point = point;
        TokenIds = tokenIds;
        Scratch = scratch;
    }

    /// <summary>The hook point.</summary>
    public HookPoint Point { get; }

    /// <summary>The point's canonical name.</summary>
    public string Name => Point.Name;

    /// <summary>The block's index, or null outside blocks.</summary>
    public int? Layer => Point.Layer;

    /// <summary>The run's token ids, [batch, position] int64; owned by the run.</summary>
    public Tensor TokenIds { get; }

    /// <summary>
    /// The absolute position of the value's first position: 0, but with a key/value cache the number of tokens that it held before the run.
    /// </summary>
    public int Position { get; internal init; }

    /// <summary>The batch axis of the value, or null where it has none (experts' rows).</summary>
    public int? BatchAxis => Axis("b");

    /// <summary>The position axis of the value (the queries' of scores and patterns), or null.</summary>
    public int? PositionAxis => Axis("p") ?? Axis("q");

    /// <summary>The head axis of the value, or null.</summary>
    public int? HeadAxis => Axis("H") ?? Axis("K");

    /// <summary>At an expert's points, each row's token as batch · positions + position, int64 [n]; else null. Owned by the run.</summary>
    public Tensor? Rows { get; internal init; }

    /// <summary>What the hooks of one run share among themselves.</summary>
    public IDictionary<string, object> Scratch { get; }

    private int? Axis(string letter) => Array.IndexOf(Point.Axes.Trim('[', ']').Split(','), letter) is >= 0 and var axis ? axis : null;
}
