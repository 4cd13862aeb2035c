namespace Interp.Tests;

/// <summary>
/// Reference data that is too large, or not ours, to keep in the project: a folder <c>shared</c> beside the checkout, or the one
/// that INTERP_SHARED names. Tests that need it are skipped where it is not.
/// </summary>
internal static class SharedFiles
{
    private static readonly string? s_folder = Find();

    /// <summary>A file or folder of the reference data; skips the test where it is not there.</summary>
    public static string Require(params string[] parts)
    {
        var path = s_folder is null ? null : Path.Combine([s_folder, .. parts]);
        Assert.SkipUnless(
            path is not null && (File.Exists(path) || Directory.Exists(path)),
            $"the reference data {string.Join('/', parts)} is not beside the checkout (set INTERP_SHARED to its folder)");
        return path!;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("INTERP_SHARED") is { Length: > 0 } given)
        {
            return Directory.Exists(given) ? given : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "shared", "oracles", "circles-indices.csv")))
            {
                return Path.Combine(folder.FullName, "shared");
            }
        }

        return null;
    }
}
