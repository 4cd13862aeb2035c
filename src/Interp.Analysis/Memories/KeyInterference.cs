namespace Interp.Analysis.Memories;

/// <summary>A key that is not recalled: what it was stored with, and what the other keys add at the strongest wrong value.</summary>
/// <param name="Key">The key's token.</param>
/// <param name="Text">The key in words, or null without a tokenizer.</param>
/// <param name="Value">The right value's token.</param>
/// <param name="ValueText">The right value in words, or null.</param>
/// <param name="Wrong">The strongest wrong value's token.</param>
/// <param name="WrongText">It in words, or null.</param>
/// <param name="Signal">q̂(x)·‖e_x‖²·‖u_f(x)‖², what the key itself puts at the right value.</param>
/// <param name="Noise">Σ over other keys x' of q̂(x')⟨e_x, e_x'⟩⟨u_f(x'), u_y⟩ at the wrong value y: what superposition of the stored keys puts there.</param>
/// <param name="CrowdedKeysShare">The share of Σ|·| of those terms from keys whose nearest other key is among the closest tenth, 0–1.</param>
/// <param name="CrowdedValuesShare">The same by their values.</param>
/// <param name="Causes">The keys of the largest terms, in words where there is a tokenizer, else #id.</param>
public sealed record KeyInterference(
    int Key, string? Text, int Value, string? ValueText, int Wrong, string? WrongText, double Signal, double Noise, double CrowdedKeysShare, double CrowdedValuesShare, IReadOnlyList<string> Causes);
