using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Interp.Workbench.Tests.Architecture;

/// <summary>Data flows one way: Compute, Models, Analysis, Workbench, then the programs.</summary>
public sealed partial class LayeringTests
{
    private static readonly string[] s_order = ["Interp.Compute", "Interp.Models", "Interp.Analysis", "Interp.Workbench"];
    private static readonly string[] s_programs = ["Interp.Cli", "Interp.Web"];

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "web"), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_projects_on_its_left(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var place = Array.IndexOf(s_order, name);
        Assert.True(place >= 0 || s_programs.Contains(name), $"{name} has no place in the order: add it to architecture tests and docs");

        var references = XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        foreach (var reference in references)
        {
            var target = Array.IndexOf(s_order, reference);
            Assert.True(target >= 0 && (place < 0 || target < place), $"{name} must not refer to {reference}");
        }
    }

    [Fact]
    public void A_layer_names_no_namespace_on_its_right()
    {
        foreach (var (file, layer) in SourcesByLayer())
        {
            var forbidden = s_order.Skip(layer + 1).Concat(s_programs);
            foreach (Match use in InterpNamespace().Matches(Repository.Read(file)))
            {
                Assert.False(forbidden.Contains(use.Value), $"{file} names {use.Value}");
            }
        }
    }

    [Fact]
    public void Only_the_web_app_knows_Blazor_components()
    {
        foreach (var file in Repository.SourceFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("Microsoft.AspNetCore", Repository.Read(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_namespace_equals_its_folder()
    {
        foreach (var file in Repository.SourceFiles.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && file[..4] is "src/" or "web/"))
        {
            if (NamespaceDeclaration().Match(Repository.Read(file)) is { Success: true } match)
            {
                var folder = Path.GetDirectoryName(file)!.Replace('\\', '/');
                Assert.Equal(string.Join('.', folder.Split('/').Skip(1)), match.Groups[1].Value);
            }
        }
    }

    private static IEnumerable<(string File, int Layer)> SourcesByLayer() =>
        from file in Repository.SourceFiles
        let layer = Array.FindIndex(s_order, name => file.StartsWith($"src/{name}/", StringComparison.Ordinal))
        where layer >= 0
        select (file, layer);

    [GeneratedRegex(@"\bInterp\.(Compute|Models|Analysis|Workbench|Cli|Web)\b")]
    private static partial Regex InterpNamespace();

    [GeneratedRegex(@"^namespace ([\w.]+)\s*[;{]", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();
}
