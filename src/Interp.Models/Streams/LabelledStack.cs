using static TorchSharp.torch;

namespace Interp.Models.Streams;

/// <summary>Parts or states of the residual stream, one below the other, each with its name. It owns its tensor.</summary>
/// <param name="Values">[n, batch, position, d_model].</param>
/// <param name="Labels">n names ("embed", "0_attn_out", "L3H7", "L5N42", "bias").</param>
public sealed record LabelledStack(Tensor Values, IReadOnlyList<string> Labels) : IDisposable
{
    /// <summary>A row by its name; a view that the caller frees.</summary>
    /// <exception cref="Compute.InterpException">There is none such.</exception>
    public Tensor this[string label] => Labels.ToList().IndexOf(label) is >= 0 and var row
        ? Values.select(0, row)
        : throw new Compute.InterpException($"there is no part {label}: near names are {Checkpoints.NearNames.List(label, Labels)}");

    /// <summary>Frees the tensor.</summary>
    public void Dispose() => Values.Dispose();
}
