using Interp.Analysis;

namespace Interp.Workbench.Analyze;

/// <summary>One analysis of the whole line.</summary>
/// <param name="Analysis">The catalogue name.</param>
/// <param name="Weight">Its share of the whole, in seconds on a small model.</param>
/// <param name="Options">Its options record.</param>
/// <param name="Sources">What it takes: the model and the text of the line, the activations and the dictionary of stages before it.</param>
internal sealed record LineStage(string Analysis, double Weight, object Options, SourceKinds Sources);
