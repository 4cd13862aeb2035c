using System.Text.RegularExpressions;

namespace Interp.Compute.Devices;

/// <summary>What a libtorch folder says of itself.</summary>
/// <param name="Version">The version ("2.10.0+cpu"), or null where nothing tells it.</param>
/// <param name="Cuda">The CUDA version that it was built with ("12.8"); null for a CPU build.</param>
internal sealed partial record TorchVersion(string? Version, string? Cuda)
{
    /// <summary>The version that TorchSharp's native library was linked against.</summary>
    public const string Needed = "2.10";

    /// <summary>Whether TorchSharp can use it; a folder that does not tell is taken at its word.</summary>
    public bool Fits => Version is null || Version == Needed || Version.StartsWith(Needed + ".", StringComparison.Ordinal) || Version.StartsWith(Needed + "+", StringComparison.Ordinal);

    /// <summary>Reads <c>version.py</c> of a PyTorch package or <c>build-version</c> of a libtorch distribution.</summary>
    /// <param name="libraryFolder">The folder of the libraries, in either.</param>
    public static TorchVersion Read(string libraryFolder)
    {
        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(libraryFolder))) ?? libraryFolder;
        var hasCuda = Directory.Exists(libraryFolder) && Directory.EnumerateFiles(libraryFolder, "*torch_cuda*").Any();
        if (Text(root, "version.py") is { } python)
        {
            return new TorchVersion(Assignment(python, "__version__"), Assignment(python, "cuda"));
        }

        var version = (Text(root, "build-version") ?? Text(libraryFolder, "build-version"))?.Trim();
        return new TorchVersion(version, CudaOf(version) ?? (hasCuda ? "unknown" : null));
    }

    private static string? Text(string folder, string file) => File.Exists(Path.Combine(folder, file)) ? File.ReadAllText(Path.Combine(folder, file)) : null;

    private static string? Assignment(string python, string name) =>
        PythonAssignment().Matches(python).Where(match => match.Groups[1].Value == name).Select(match => match.Groups[2].Value).FirstOrDefault();

    // 2.10.0+cu128 -> 12.8
    private static string? CudaOf(string? version) =>
        version is not null && CudaSuffix().Match(version) is { Success: true } match ? $"{match.Groups[1].Value}.{match.Groups[2].Value}" : null;

    [GeneratedRegex("""^(\w+)\s*(?::[^=\n]*)?=\s*['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex PythonAssignment();

    [GeneratedRegex(@"\+cu(\d+)(\d)$")]
    private static partial Regex CudaSuffix();
}
