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

    /// <summary>What the hooks of one run share among themselves.</summary>
    public IDictionary<string, object> Scratch { get; }
}
