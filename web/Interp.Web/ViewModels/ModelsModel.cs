using Interp.Workbench.Workspace;

namespace Interp.Web.ViewModels;

/// <summary>The list of models.</summary>
public sealed class ModelsModel(LabWorkspace workspace)
{
    /// <summary>The models, the shipped ones first.</summary>
    public IReadOnlyList<ModelListing> Models { get; private set; } = [];

    /// <summary>Where the user's own models belong.</summary>
    public string Folder => workspace.ModelsFolder;

    /// <summary>Why the list could not be read, one line; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the list, headers only.</summary>
    public void Load() => Problem = Failure.Of(() => Models = workspace.Models());
}
