using System.Text.Json;
using Interp.Analysis;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Jobs;

/// <summary>
/// Puts runs that are parts of one work together: captures made with <c>--shard i/n</c>, grids of dictionaries trained with
/// <c>--only i/n</c>. The run that comes out holds, byte for byte, the results and files that one process would have written.
/// </summary>
public static class PartsMerge
{
    /// <summary>For each analysis that can be spread, the option that names the part.</summary>
    private static readonly Dictionary<string, string> s_partOptions = new()
    {
        ["capture"] = nameof(CaptureOptions.Shard),
        ["atoms"] = nameof(AtomsOptions.Only),
    };

    /// <summary>Options that may differ between parts.</summary>
    private static readonly string[] s_free = [nameof(AtomsOptions.Resume), nameof(AtomsOptions.StateFolder), nameof(AtomsOptions.CheckpointEvery)];

    /// <summary>Whether a folder is a run that holds a part.</summary>
    public static bool IsPart(string folder) => RunRecord.IsRunFolder(folder) && PartOf(RunRecord.Open(folder)) is not null;

    /// <summary>Merges parts into a run.</summary>
    /// <param name="folders">The run folders of all parts, in any order.</param>
    /// <param name="target">Where the run goes.</param>
    /// <param name="progress">Receives the rows done.</param>
    /// <param name="cancellation">Stops between pieces; nothing stays.</param>
    /// <exception cref="InterpException">A part is missing, there twice, damaged, or of another run.</exception>
    public static RunRecord Run(IReadOnlyList<string> folders, RunTarget target, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(target);
        var parts = folders.Select(RunRecord.Open).ToArray();
        RequireAlike(parts);
        var manifest = parts[0].Manifest;
        var options = manifest.Options.ToDictionary();
        options[s_partOptions[manifest.Analysis]] = "";
        using var writer = target.Store.BeginRun(new RunRequest
        {
            Analysis = manifest.Analysis,
            Title = manifest.Title,
            Device = manifest.Device,
            Id = target.Id,
            Sources = manifest.Sources,
            Options = options,
        });
        writer.Log($"merging {parts.Length} parts: {string.Join(", ", parts.Select(part => part.Folder))}");
        using (var outcome = manifest.Analysis == "capture" ? Capture(parts, options, writer, progress, cancellation) : Atoms(parts, writer))
        {
            writer.Write(outcome);
        }

        cancellation.ThrowIfCancellationRequested();
        return writer.Commit();
    }

    private static AnalysisOutcome Capture(
        RunRecord[] parts, Dictionary<string, string> options, RunWriter writer, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var asked = (CaptureOptions)OptionsSchema.Create(typeof(CaptureOptions), options);
        var result = CaptureMerge.Run([.. parts.Select(DataOf)], asked, writer.OutputFolder, progress, cancellation);
        return new AnalysisOutcome(result, CaptureFigures.Draw(result), new Dictionary<string, TorchSharp.torch.Tensor>());
    }

    private static AnalysisOutcome Atoms(RunRecord[] parts, RunWriter writer)
    {
        var result = AtomsMerge.Run([.. parts.Select(part => (PartOf(part)!, DataOf(part), part.Result.Deserialize<AtomsResult>(ResultJson.Options)!))], writer.OutputFolder);
        return new AnalysisOutcome(result, AtomsFigures.Draw(result), new Dictionary<string, TorchSharp.torch.Tensor>());
    }

    private static string? PartOf(RunRecord run) =>
        s_partOptions.TryGetValue(run.Manifest.Analysis, out var option) && run.Manifest.Options.GetValueOrDefault(option) is { Length: > 0 } part ? part : null;

    private static string DataOf(RunRecord run) => run.DataFolder ?? throw new InterpException($"{run.Folder}: has lost its data folder; copy the part again or make it again");

    private static void RequireAlike(RunRecord[] parts)
    {
        var first = parts.Length > 0 ? parts[0] : throw new InterpException("there is nothing to merge: give the run folders of all parts");
        foreach (var part in parts)
        {
            if (PartOf(part) is not { } own)
            {
                throw new InterpException($"{part.Folder}: is no part of a run: give run folders that capture --shard or atoms train --only wrote");
            }

            if (part.Problems.Count > 0)
            {
                throw new InterpException($"{part.Folder}: {part.Problems[0]}; copy part {own} again or make it again");
            }

            var other = part.Manifest.Analysis != first.Manifest.Analysis ? "analysis"
                : part.Manifest.Options.FirstOrDefault(option => !IsFree(part, option.Key) && first.Manifest.Options.GetValueOrDefault(option.Key) != option.Value).Key;
            if (other is not null)
            {
                throw new InterpException($"{part.Folder}: is a part of another run than {first.Folder} ({other} differs)");
            }
        }
    }

    private static bool IsFree(RunRecord run, string option) => s_free.Contains(option) || option == s_partOptions[run.Manifest.Analysis];
}
