using static TorchSharp.torch;

namespace Interp.Models.Adapters;

/// <summary>What an adapter does to one matrix, as the names of its tensors.</summary>
/// <param name="Path">The module's path in the base model ("transformer.h.0.attn.c_attn").</param>
/// <param name="A">The tensor [r, in].</param>
/// <param name="B">The tensor [out, r].</param>
/// <param name="Magnitude">The tensor [out] of DoRA, or null.</param>
/// <param name="IsEmbedding">Whether it is a table of rows, not a matrix.</param>
/// <param name="Scale">What the product is multiplied by.</param>
internal sealed record LoraModule(string Path, string A, string B, string? Magnitude, bool IsEmbedding, double Scale);
