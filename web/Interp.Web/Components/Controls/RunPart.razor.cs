using Interp.Workbench.Reports;
using Interp.Workbench.Workspace;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Controls;

/// <summary>A run's figures, numbers, settings, provenance and log; alone, or as a stage of a whole line.</summary>
public partial class RunPart
{
    private IReadOnlyList<SettingsTable.Line> _settings = [];
    private IReadOnlyList<string> _files = [];

    /// <summary>The run.</summary>
    [Parameter]
    [EditorRequired]
    public RunRecord Run { get; set; } = null!;

    /// <summary>Whether it is shown as a part of a whole line.</summary>
    [Parameter]
    public bool IsStage { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _settings = SettingsTable.Lines(Run.Manifest);
        string[] files = ["result.json", "figures.json", "run.json", "log.txt", "tensors.safetensors"];
        _files = [.. files.Where(file => File.Exists(Path.Combine(Run.Folder, file)))];
    }
}
