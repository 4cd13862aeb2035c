using System.Globalization;
using Interp.Cli.Frame;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary><c>interp models</c>: the shipped models and the workspace's own.</summary>
internal sealed class ModelsVerb() : Verb("models", "List the shipped models and those of the workspace.")
{
    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        using var workspace = context.OpenWorkspace();
        context.Print(workspace.Models(), Write);
    }

    private static void Write(TextWriter output, IReadOnlyList<ModelListing> models)
    {
        var width = models.Select(model => model.Name.Length).DefaultIfEmpty().Max();
        foreach (var model in models)
        {
            var size = model.Parameters is { } count ? $"{count.ToString("N0", CultureInfo.InvariantCulture)} parameters" : "";
            var words = new[] { model.IsShipped ? "shipped" : "workspace", model.Family, size, model.Task ?? "", model.Problem ?? model.Description };
            output.WriteLine($"{model.Name.PadRight(width)}  {string.Join(", ", words.Where(word => word.Length > 0))}");
        }
    }
}
