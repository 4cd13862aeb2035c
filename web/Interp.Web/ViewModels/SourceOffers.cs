using Interp.Analysis;
using Interp.Compute;
using Interp.Models.Checkpoints;

namespace Interp.Web.ViewModels;

/// <summary>Finds what is at hand for the sources of an analysis: models, their tensors, runs that hold activations or dictionaries.</summary>
internal static class SourceOffers
{
    private const int MostTensors = 200;

    /// <summary>The fields of the sources that an analysis takes.</summary>
    public static IReadOnlyList<SourceField> Fields(SourceKinds kinds, LabWorkspace workspace)
    {
        var fields = new List<SourceField>();
        void Add(SourceKinds kind, string key, string label, string help, Func<IReadOnlyList<SourceOffer>> offers)
        {
            if (kinds.HasFlag(kind))
            {
                fields.Add(new SourceField(kind, key, label, help, offers()));
            }
        }

        Add(SourceKinds.Model, "model", "Model", "A model of this workspace, or a folder.", () => Models(workspace));
        Add(SourceKinds.Tensor, "tensor", "Tensor", "One tensor of a safetensors file, FILE:TENSOR.", () => Tensors(workspace));
        Add(SourceKinds.Text, "text", "Text file", "A UTF-8 text file. A model that ships its own task needs none.", () => []);
        Add(SourceKinds.Activations, "activations", "Activations", "A run that captured activations, or a folder of shards.", () => Runs(workspace, "capture"));
        Add(SourceKinds.Dictionary, "dictionary", "Dictionary", "A run that trained atoms, or a sparse autoencoder's folder.", () => Runs(workspace, "atoms"));
        return fields;
    }

    private static List<SourceOffer> Models(LabWorkspace workspace) =>
        [.. workspace.Models().Where(model => model.Problem is null).Select(model => new SourceOffer(model.Name, model.Family))];

    private static List<SourceOffer> Runs(LabWorkspace workspace, string analysis) =>
        [.. workspace.Runs().Where(run => run.Analysis == analysis && run.Problem is null).Select(run => new SourceOffer(run.Id, run.Title))];

    private static List<SourceOffer> Tensors(LabWorkspace workspace)
    {
        var offers = new List<SourceOffer>();
        foreach (var model in workspace.Models().Where(model => model.Problem is null))
        {
            foreach (var path in Directory.EnumerateFiles(model.Folder, "*.safetensors").Order(StringComparer.Ordinal))
            {
                AddTensors(offers, path, model.Name);
            }
        }

        return offers;
    }

    private static void AddTensors(List<SourceOffer> offers, string path, string model)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            offers.AddRange(file.Entries.Values
                .Where(entry => entry.Shape.Count == 2)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Take(MostTensors - Math.Min(MostTensors, offers.Count))
                .Select(entry => new SourceOffer($"{path}:{entry.Name}", $"{model} [{string.Join(", ", entry.Shape)}]")));
        }
        catch (Exception e) when (e is InterpException or IOException or UnauthorizedAccessException)
        {
            // A file that cannot be read offers nothing; the model's page says what is wrong with it.
        }
    }
}
