namespace Interp.Analysis.Lenses.Heads;

/// <summary>One head's scores.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Head">The head.</param>
/// <param name="Repeated">On repeated random tokens.</param>
/// <param name="Text">On the text, or null.</param>
/// <param name="Copying">Σ Re λ / Σ |λ| over the eigenvalues of the circuit from token to token W_E·W_V·W_O·W_U: 1 for a head that raises what it sees; null where the unembedding goes through a projection.</param>
public sealed record HeadScores(int Layer, int Head, PatternScores Repeated, PatternScores? Text, double? Copying);
