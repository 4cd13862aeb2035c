using Interp.Compute;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>A dictionary's decoder and its codes of a stream of tokens.</summary>
public sealed record FindInput
{
    /// <summary>The decoder's rows <c>[d_sae, d]</c>, not necessarily of unit length; stays the caller's.</summary>
    public required Tensor Decoder { get; init; }

    /// <summary>The tokens there are.</summary>
    public required long Rows { get; init; }

    /// <summary>The codes <c>[count, d_sae]</c>, float32, of rows first … first + count − 1; the receiver disposes them.</summary>
    public required Func<long, int, Tensor> Codes { get; init; }

    /// <summary>The token ids of those rows, or null where they are not known.</summary>
    public Func<long, int, int[]>? TokenIds { get; init; }

    /// <summary>A token's text, or null where no tokenizer is known.</summary>
    public Func<int, string>? TokenText { get; init; }

    /// <summary>The documents of those rows, for modular addition a·p + b; needed with <see cref="Modulus"/>.</summary>
    public Func<long, int, int[]>? Documents { get; init; }

    /// <summary>The modulus p where the rows are prompts of modular addition; else null.</summary>
    public int? Modulus { get; init; }

    /// <summary>Cycles of words whose circles are looked for in every plane; needs <see cref="TokenIds"/>.</summary>
    public IReadOnlyList<TokenCycle> Cycles { get; init; } = [];

    /// <summary>Checks the shapes.</summary>
    /// <exception cref="InterpException">The decoder is no matrix of two rows or more, or there are no tokens.</exception>
    internal void Require()
    {
        if (Decoder.dim() != 2 || Decoder.shape[0] < 2 || Decoder.shape[1] < 2)
        {
            throw new ShapeMismatchException("the dictionary's decoder", "[d_sae ≥ 2, d ≥ 2]", Decoder.shape);
        }

        if (Rows < 1)
        {
            throw new InterpException("there are no activations to judge clusters by: capture some first");
        }
    }
}
