using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models;

namespace Interp.Workbench.Analyze;

/// <summary>
/// The whole line on one model: capture, atoms, circles, capacity, entanglement, one report. Each stage is a run of its own; a
/// stage whose inputs and settings are those of a finished run is not done again. Cancellation and failure keep the finished
/// stages and leave nothing half written.
/// </summary>
public static class AnalyzeLine
{
    private const string ShippedText = "corpus.txt";

    /// <summary>Runs the line into a folder of its own: a run folder a stage, the line's own run, and <c>report.html</c>.</summary>
    /// <param name="folder">The folder, made if needed.</param>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Receives every step with the share of the whole.</param>
    /// <param name="cancellation">Stops the line within a moment.</param>
    /// <exception cref="InterpException">The model, the text and the options do not fit, or the folder cannot be written.</exception>
    public static AnalyzeResult Run(
        string folder, LanguageModel model, AnalyzeOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        options = Checked(model, options);
        return new LineRun(LineTarget.Own(folder), model, options, LineStages.For(model, options), progress, cancellation).Run();
    }

    /// <summary>Runs the line into a workspace.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Receives every step with the share of the whole.</param>
    /// <param name="cancellation">Stops the line within a moment.</param>
    /// <exception cref="InterpException">The model, the text and the options do not fit, or the workspace cannot be written.</exception>
    public static AnalyzeResult Run(
        Workspace.Workspace workspace, LanguageModel model, AnalyzeOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        options = Checked(model, options);
        return new LineRun(LineTarget.In(workspace), model, options, LineStages.For(model, options), progress, cancellation).Run();
    }

    private static AnalyzeOptions Checked(LanguageModel model, AnalyzeOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);

        // A language model may ship a text of its own beside its weights.
        var shipped = model.Folder is { } folder ? Path.Combine(folder, ShippedText) : null;
        if (options.TextFile is null && model.Task is null && File.Exists(shipped))
        {
            return options with { TextFile = shipped };
        }

        if (options.TextFile is { } text && !File.Exists(text))
        {
            throw new InterpException($"there is no text file {text}: name a UTF-8 text file");
        }

        if (options.TextFile is null && model.Task is null)
        {
            throw new InterpException($"{model.Name} ships no task of its own: name a text to run it on with --text-file");
        }

        return options;
    }
}
