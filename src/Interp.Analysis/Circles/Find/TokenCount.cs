namespace Interp.Analysis.Circles.Find;

/// <summary>How often a token is among those that a cluster was judged by.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Count">How often.</param>
/// <param name="Text">Its text; null where no model was named.</param>
public sealed record TokenCount(int Token, int Count, string? Text = null);
