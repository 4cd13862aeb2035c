using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>A model, what it reads, and where the lens goes.</summary>
/// <param name="Model">The model; it stays the caller's.</param>
/// <param name="TextFile">A UTF-8 text file, or null for the model's own task.</param>
/// <param name="OutputFolder">Receives the lens.</param>
public sealed record TunedLensInput(LanguageModel Model, string? TextFile, string OutputFolder)
{
    internal static TunedLensInput Open(AnalysisSources sources) => new(
        sources.Model ?? throw new InterpException("a tuned lens needs a model: name one"), sources.TextFile, sources.OutputFolder);

    /// <summary>Batches without end, the same in every pass over the text.</summary>
    internal IEnumerable<TokenBatch> Batches(TunedLensOptions options, CancellationToken cancellation)
    {
        var source = TokenSources.For(Model, TextFile, new CaptureOptions { Tokens = long.MaxValue / 2, Context = options.Context, Seed = options.Seed });
        while (true)
        {
            foreach (var batch in source.Batches(options.BatchTokens, cancellation))
            {
                yield return batch;
            }
        }
    }
}
