using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Runs a model on a text or on its own task and writes chosen activations as shards.</summary>
public static class CaptureAnalysis
{
    /// <summary>About the work between two looks at the cancellation, in multiplications: two a parameter and token.</summary>
    private const double WorkAtOnce = 4e9;

    private const int MostTokensAtOnce = 2048;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<CaptureInput, CaptureOptions, CaptureResult>(
        "capture",
        "Captured activations",
        "Runs a model on a text, or on its own task, and writes chosen activations to disk for training dictionaries and finding circles.",
        SourceKinds.Model | SourceKinds.Text,
        (sources, _) => CaptureInput.Open(sources),
        Run,
        CaptureFigures.Draw);

    /// <summary>Captures. The same model, text, options and device give the same bytes.</summary>
    /// <param name="input">The model, the text, and where to write.</param>
    /// <param name="options">What to capture.</param>
    /// <param name="progress">Receives the documents done.</param>
    /// <param name="cancellation">Stops the run between blocks of the model; the shards finished by then stay, to be continued or begun anew.</param>
    /// <exception cref="InterpException">Model, text and hooks do not fit, or the folder holds a capture already.</exception>
    public static CaptureResult Run(CaptureInput input, CaptureOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        var model = input.Model;
        var source = TokenSources.For(model, input.TextFile, options);
        var positions = options.Positions != CapturedPositions.Default ? options.Positions
            : source.Kind == ModelTask.ModularAddition ? CapturedPositions.Last : CapturedPositions.All;
        using var noGradient = no_grad();
        var part = WorkPart.Parse(options.Shard, "--shard");
        if (options.OutlierNorm is > 0 and < 1)
        {
            throw new InterpException($"--outlier-norm {options.OutlierNorm} would leave out the median itself: use 0, or at least 1");
        }

        using var run = new CaptureRun(input, options, source, positions, part);
        var (number, documents) = (0L, 0);
        var tokensAtOnce = (int)Math.Clamp(WorkAtOnce / model.ParameterCount, source.Context, Math.Max(source.Context, MostTokensAtOnce));
        var isPlanned = false;
        foreach (var batch in source.Batches(tokensAtOnce, cancellation))
        {
            // Whole batches go to one part: the same rows in other company would differ in their last bits.
            if (part is not { } own || own.Owns(number))
            {
                if (!isPlanned)
                {
                    isPlanned = true;
                    run.Plan(batch).Require(model.Device, "use a shorter --context, fewer hooks, or --dtype bfloat16");
                }

                run.Take(batch, documents, cancellation);
            }

            number++;
            documents += batch.Documents.Count;
            progress?.Report(new StepProgress("capture", documents, Math.Max(documents, source.DocumentsExpected), "documents"));
        }

        cancellation.ThrowIfCancellationRequested();
        return run.Complete();
    }

    /// <summary>The filter of the hooks asked for, canonical names in firing order.</summary>
    /// <exception cref="InterpException">A hook has no rows by token.</exception>
    internal static HookFilter Filter(LanguageModel model, IReadOnlyList<string> hooks)
    {
        if (hooks.Count == 0)
        {
            return HookFilter.Names($"blocks.{model.Config.LayerCount - 1}.hook_resid_post");
        }

        return hooks is ["all"]
            ? HookFilter.Where(point => !point.IsOptIn && HasRows(point))
            : HookFilter.Names(hooks);
    }

    /// <summary>Whether a point has one value a token; attention patterns, for one, have a value a pair of tokens.</summary>
    internal static bool HasRows(HookPoint point) => point.Axes.StartsWith("[b,p,", StringComparison.Ordinal);
}
