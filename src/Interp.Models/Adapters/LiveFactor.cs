using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>What an adapter adds to one product of a block: input·Down·Up, in some of the output's columns.</summary>
/// <param name="Layer">The block.</param>
/// <param name="Place">The product.</param>
/// <param name="Module">The module's own name ("q_proj").</param>
/// <param name="Down">[in, r].</param>
/// <param name="Up">[r, columns], the scale included.</param>
/// <param name="Start">The first of the output's columns.</param>
/// <param name="Columns">All columns of the output.</param>
internal sealed record LiveFactor(int Layer, LivePlace Place, string Module, Tensor Down, Tensor Up, long Start, long Columns) : IDisposable
{
    /// <summary>The hook's name for an adapter.</summary>
    public string HookName(string adapter) =>
        $"blocks.{Layer}.{(Place is LivePlace.QueryKeyValue or LivePlace.Output ? "attn" : "mlp")}.lora.{adapter}.{Module}.hook_out";

    public void Dispose()
    {
        Down.Dispose();
        Up.Dispose();
    }
}
