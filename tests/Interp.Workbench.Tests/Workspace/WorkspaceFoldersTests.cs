using Interp.Compute;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Tests.Workspace;

public sealed class WorkspaceFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_workspace_is_the_one_asked_for_then_the_settings_then_the_users()
    {
        Assert.Equal(_folder["a"], WorkspaceFolders.Choose(_folder["a"], _ => _folder["b"]));
        Assert.Equal(_folder["b"], WorkspaceFolders.Choose(null, name => name == "INTERP_WORKSPACE" ? _folder["b"] : null));
        Assert.Equal("interp", Path.GetFileName(WorkspaceFolders.Choose(" ", _ => null)));
    }

    [Fact]
    public void Shipped_models_are_the_nearest_models_above_the_program()
    {
        _folder.Write("models/far/config.json", "{}");
        Directory.CreateDirectory(_folder["repo", "models", "empty"]);
        Directory.CreateDirectory(_folder["repo", "bin"]);
        Assert.Equal(_folder["models"], WorkspaceFolders.FindShippedModels(_ => null, _folder["repo", "bin"]));

        _folder.Write("repo/models/near/config.json", "{}");
        Assert.Equal(_folder["repo", "models"], WorkspaceFolders.FindShippedModels(_ => null, _folder["repo", "bin"]));
        Assert.Equal(_folder["repo", "bin"], WorkspaceFolders.FindShippedModels(_ => _folder["repo", "bin"], _folder.Path));
    }

    [Fact]
    public void A_setting_that_names_no_folder_is_one_clear_line() =>
        Assert.Contains("INTERP_MODELS", Assert.Throws<InterpException>(() => WorkspaceFolders.FindShippedModels(_ => _folder["none"], _folder.Path)).Message, StringComparison.Ordinal);
}
