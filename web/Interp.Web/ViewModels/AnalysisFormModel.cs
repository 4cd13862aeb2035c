using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Workbench.Jobs;

namespace Interp.Web.ViewModels;

/// <summary>The form of one analysis: its fields are made from the options record, its request from the fields.</summary>
public sealed class AnalysisFormModel(LabWorkspace workspace, JobQueue queue, AnalysisList analyses)
{
    /// <summary>The analysis, or null when there is none of the name.</summary>
    public AnalysisChoice? Choice { get; private set; }

    /// <summary>Its sources.</summary>
    public IReadOnlyList<SourceField> Sources { get; private set; } = [];

    /// <summary>Its options, in the order of the record.</summary>
    public IReadOnlyList<FormField> Fields { get; private set; } = [];

    /// <summary>The device: auto, cpu, cuda or cuda:N.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Why the form cannot be shown or started, one line; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>The same request as a line for a shell.</summary>
    public string CommandLine => Choice is null ? "" : Request().ToCommandLine();

    /// <summary>Whether every field will do.</summary>
    public bool IsValid => Fields.All(entry => entry.Error is null);

    /// <summary>Makes the form of an analysis, filled with defaults and then with what its address says.</summary>
    /// <param name="name">The catalogue name.</param>
    /// <param name="query">Values by source key, option name or flag without hyphens at its start; unknown keys are left alone.</param>
    public void Load(string name, IReadOnlyDictionary<string, string> query)
    {
        Problem = Failure.Of(() =>
        {
            Choice = analyses.Find(name);
            Sources = SourceOffers.Fields(Choice.Sources, workspace);

            // A text file that is a source is not asked for a second time.
            var isTextAsked = Choice.Sources.HasFlag(SourceKinds.Text);
            Fields = [.. OptionsSchema.Describe(Choice.OptionsType).Where(option => !(isTextAsked && option.Name == nameof(JobRequest.TextFile))).Select(option => new FormField(option))];
        });

        // A model that is here is the likeliest choice; nothing else can be guessed.
        if (Sources.FirstOrDefault(source => source.Kind == SourceKinds.Model) is { Offers.Count: > 0 } model && !query.ContainsKey("tensor"))
        {
            model.Text = model.Offers[0].Value;
        }

        foreach (var source in Sources)
        {
            source.Text = query.GetValueOrDefault(source.Key) ?? source.Text;
        }

        foreach (var field in Fields)
        {
            field.Text = query.GetValueOrDefault(field.Option.Flag[2..]) ?? query.GetValueOrDefault(field.Option.Name) ?? field.Text;
            Check(field);
        }

        Device = query.GetValueOrDefault("device") ?? Device;
    }

    /// <summary>Whether <see cref="FindHooks"/> has something to find.</summary>
    public bool HasHooks => SourceOf(SourceKinds.Model) is not null && Fields.Any(entry => entry.IsHook);

    /// <summary>Offers the chosen model's hook points where the form asks for one. Reads headers only; the first time it loads libtorch.</summary>
    public void FindHooks()
    {
        IReadOnlyList<string> names = [];
        _ = Failure.Of(() =>
        {
            using var model = LanguageModel.Inspect(workspace.ResolveModel(SourceOf(SourceKinds.Model)!));
            names = [.. model.HookPoints.Select(point => point.Name)];
        });
        foreach (var entry in Fields.Where(entry => entry.IsHook))
        {
            entry.Offers = names;
        }
    }

    /// <summary>Looks whether a field's text will do, and notes in the field what is wrong.</summary>
    public void Check(FormField field)
    {
        var text = field.Text.Trim();
        field.Error = text.Length == 0 && !field.Option.Optional && field.Option.Kind is not (OptionKind.Text or OptionKind.List)
            ? "a value is needed here"
            : Failure.Of(() => OptionsSchema.Create(Choice!.OptionsType, new Dictionary<string, string> { [field.Option.Name] = text }));
    }

    /// <summary>Puts the request into the queue.</summary>
    /// <returns>The job, or null when something is wrong; the fields and <see cref="Problem"/> say what.</returns>
    public Job? Start()
    {
        Problem = null;
        foreach (var field in Fields)
        {
            Check(field);
        }

        if (!IsValid)
        {
            Problem = "Some settings need another value: they are marked below.";
            return null;
        }

        if (Sources.Count > 0 && Sources.All(source => source.Value is null))
        {
            Problem = $"Choose what to work on: {Choice!.SourcesInWords}.";
            return null;
        }

        Job? job = null;
        Problem = Failure.Of(() => job = queue.Enqueue(Request()));
        return job;
    }

    private JobRequest Request() => new()
    {
        Analysis = Choice!.Name,
        Model = SourceOf(SourceKinds.Model),
        Tensor = SourceOf(SourceKinds.Tensor),
        TextFile = SourceOf(SourceKinds.Text),
        Activations = SourceOf(SourceKinds.Activations),
        Dictionary = SourceOf(SourceKinds.Dictionary),
        Options = Fields.Where(field => !field.IsDefault).ToDictionary(field => field.Option.Name, field => field.Text.Trim()),
        Device = string.IsNullOrWhiteSpace(Device) ? "auto" : Device.Trim(),
    };

    private string? SourceOf(SourceKinds kind) => Sources.FirstOrDefault(source => source.Kind == kind)?.Value;
}
