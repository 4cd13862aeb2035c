using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Activations.Capture;

/// <summary>What a capture runs and where it writes.</summary>
/// <param name="Model">The model; stays the caller's.</param>
/// <param name="TextFile">A UTF-8 text file, or null for the model's own task.</param>
/// <param name="OutputFolder">A folder without a capture.</param>
public sealed record CaptureInput(LanguageModel Model, string? TextFile, string OutputFolder)
{
    internal static CaptureInput Open(AnalysisSources sources) => new(
        sources.Model ?? throw new InterpException("capture needs a model: name one, clock-59 for example"), sources.TextFile, sources.OutputFolder);
}
