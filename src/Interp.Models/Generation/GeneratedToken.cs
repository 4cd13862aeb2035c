namespace Interp.Models.Generation;

/// <summary>One token that a model made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text that became whole with it; empty inside a character, for special tokens, and without a tokenizer.</param>
/// <param name="LogProbability">The natural logarithm of its probability by the model itself, before temperature, top-k and top-p.</param>
/// <param name="End">Why the generation ends with it, or null when more follow.</param>
public readonly record struct GeneratedToken(int Id, string Text, double LogProbability, GenerationEnd? End);
