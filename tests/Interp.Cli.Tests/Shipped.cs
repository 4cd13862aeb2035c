using Interp.Workbench.Workspace;

namespace Interp.Cli.Tests;

/// <summary>The models that come with the program.</summary>
internal static class Shipped
{
    public static string Clock59 { get; } = Path.Combine(WorkspaceFolders.FindShippedModels()!, "clock-59");
}
