using System.Text.Json;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Workbench.Reports;
using Interp.Workbench.Workspace;

namespace Interp.Web.ViewModels;

/// <summary>One model's page, read from its files' headers: no weights are loaded to look at it.</summary>
public sealed class ModelModel(LabWorkspace workspace, AnalysisList analyses)
{
    /// <summary>The model, or null when there is none of the name.</summary>
    public ModelListing? Model { get; private set; }

    /// <summary>The configuration's values, by their keys.</summary>
    public IReadOnlyList<NumbersTable.Line> Configuration { get; private set; } = [];

    /// <summary>The task that it ships, and how it was trained; empty for none.</summary>
    public IReadOnlyList<NumbersTable.Line> Task { get; private set; } = [];

    /// <summary>The tensors of its checkpoint.</summary>
    public IReadOnlyList<TensorLine> Tensors { get; private set; } = [];

    /// <summary>All its numbers.</summary>
    public long Parameters { get; private set; }

    /// <summary>What the engine makes of the configuration; empty before <see cref="Inspect"/>.</summary>
    public IReadOnlyList<(string Name, string Value)> Architecture { get; private set; } = [];

    /// <summary>Where a hook can read and write; empty before <see cref="Inspect"/>.</summary>
    public IReadOnlyList<HookLine> Hooks { get; private set; } = [];

    /// <summary>Why the engine does not take it, one line; null otherwise.</summary>
    public string? EngineProblem { get; private set; }

    /// <summary>What may surprise, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>The analyses that take a model.</summary>
    public IReadOnlyList<AnalysisChoice> Analyses { get; } = [.. analyses.All.Where(choice => choice.Sources.HasFlag(Analysis.SourceKinds.Model))];

    /// <summary>Why it cannot be shown, one line; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the model of a name.</summary>
    public void Load(string name)
    {
        var warnings = new List<string>();
        Problem = Failure.Of(() =>
        {
            Model = workspace.Models().FirstOrDefault(model => model.Name == name)
                ?? throw new InterpException($"there is no model {name} in this workspace: choose one from the list of models");
            Configuration = Lines(Path.Combine(Model.Folder, "config.json"), warnings);
            Task = Lines(Path.Combine(Model.Folder, "interp.json"), warnings);
            ReadTensors(Model.Folder, warnings);
        });
        Warnings = warnings;
    }

    /// <summary>Asks the engine what it makes of the model: its sizes, its hook points, its warnings. No weights are read; the first time it loads libtorch.</summary>
    public void Inspect()
    {
        if (Model is null)
        {
            return;
        }

        EngineProblem = Failure.Of(() =>
        {
            using var model = LanguageModel.Inspect(Model.Folder);
            Architecture = ModelArchitecture.Lines(model.Config);
            Hooks = HookLine.Of(model.HookPoints);
            Warnings = [.. Warnings, .. model.Warnings, .. model.OtherSettings.Select(setting => $"{setting.Key} = {setting.Value} is in config.json and has no effect here.")];
        });
    }

    private static IReadOnlyList<NumbersTable.Line> Lines(string path, List<string> warnings)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return NumbersTable.Lines(document.RootElement);
        }
        catch (JsonException e)
        {
            warnings.Add($"{Path.GetFileName(path)} is not valid JSON: {e.Message}");
            return [];
        }
    }

    private void ReadTensors(string folder, List<string> warnings)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(folder);
            Tensors = [.. checkpoint.Names.Order(StringComparer.Ordinal).Select(name => TensorLine.Of(checkpoint.Entry(name)))];
            Parameters = Tensors.Sum(tensor => tensor.Count);
        }
        catch (CheckpointException e)
        {
            warnings.Add(e.Message);
        }

        if (!Model!.HasTokenizer && Model.Task is null)
        {
            warnings.Add("The folder holds no tokenizer: analyses that read text will not run on this model.");
        }
    }
}
