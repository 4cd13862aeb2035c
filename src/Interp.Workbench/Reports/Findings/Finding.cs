namespace Interp.Workbench.Reports.Findings;

/// <summary>One thing that a run found, in words with its numbers.</summary>
/// <param name="Text">What was found.</param>
/// <param name="Caveat">The control beside it, or what it does not show; empty for none.</param>
public sealed record Finding(string Text, string Caveat);
