namespace Interp.Models.Hooks;

/// <summary>A named place in the forward pass.</summary>
/// <param name="Name">The canonical name ("blocks.0.attn.hook_q").</param>
/// <param name="Layer">The block's index, or null outside blocks.</param>
/// <param name="Axes">The value's axes: b batch, p position, D d_model, H query heads, K key/value heads, h d_head, M d_mlp, q and k positions, E experts, t experts a token goes through, n the tokens routed to an expert, V logits.</param>
/// <param name="IsOptIn">Whether it costs enough that it fires only when it is asked for by name.</param>
public sealed record HookPoint(string Name, int? Layer, string Axes, bool IsOptIn)
{
    internal HookSite Site { get; init; }
}
