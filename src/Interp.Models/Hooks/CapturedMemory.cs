using Interp.Models.Transformer;

namespace Interp.Models.Hooks;

/// <summary>The memory that captured values keep: points that are views of others are counted with those.</summary>
internal sealed class CapturedMemory
{
    private readonly HashSet<(HookSite Site, int Layer)> _sites;

    /// <summary>Counts.</summary>
    /// <param name="table">The model's points.</param>
    /// <param name="slots">The captured ones.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="length">Positions.</param>
    /// <param name="positions">The positions kept; null for all.</param>
    /// <param name="bytes">Of an element.</param>
    public CapturedMemory(HookTable table, IReadOnlyCollection<int> slots, long batch, long length, HookPositions? positions, int bytes)
    {
        _sites = [.. slots.Select(slot => (table.Points[slot].Site, table.Points[slot].Layer ?? -1))];
        var byLayer = slots.Where(slot => !IsView(table.Config, table.Points[slot]))
            .GroupBy(slot => table.Points[slot].Layer ?? -1, slot => CaptureBudget.Bytes(table, [slot], batch, length, positions, bytes))
            .ToDictionary(layer => layer.Key, layer => layer.Sum());
        Bytes = byLayer.Values.Sum();
        OfOtherBlocks = Bytes - byLayer.Where(layer => layer.Key >= 0).Select(layer => layer.Value).DefaultIfEmpty().Max();
    }

    /// <summary>All of it.</summary>
    public long Bytes { get; }

    /// <summary>Without the block that keeps most, whose values may be those that it computes with.</summary>
    public long OfOtherBlocks { get; }

    /// <summary>How many tensors of scores a block forms.</summary>
    /// <param name="isNeeded">Whether one is formed whatever is captured.</param>
    public int Scores(bool isNeeded) => _sites.Any(point => point.Site == HookSite.AttnScores) ? 2 : isNeeded || _sites.Any(point => point.Site == HookSite.Pattern) ? 1 : 0;

    private bool IsView(ModelConfig config, HookPoint point) => point.Site switch
    {
        // Inputs spread over heads or rows, and values that go on under another name.
        HookSite.Tokens or HookSite.PosEmbed or HookSite.AttnIn or HookSite.QInput or HookSite.KInput or HookSite.VInput or HookSite.MlpIn => true,
        HookSite.UnembedIn or HookSite.UnembedOut or HookSite.Logits => true,
        HookSite.Embed => _sites.Contains((HookSite.ResidPre, 0)),
        HookSite.ResidPre => _sites.Contains((HookSite.ResidPost, (point.Layer ?? 0) - 1)),
        HookSite.Ln1Scale or HookSite.Ln1Normalized or HookSite.Ln2Scale or HookSite.Ln2Normalized or HookSite.LnFinalNormalized or HookSite.LnFinalScale => config.Norm == NormKind.None,
        HookSite.ExpertPre or HookSite.ExpertPost => true,
        _ => false,
    };
}
