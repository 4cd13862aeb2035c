namespace Interp.Tests;

/// <summary>The checkout that the tests run in.</summary>
internal static class Checkout
{
    /// <summary>Its root, where Interp.sln is.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path inside it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests do not run inside a checkout");
    }
}
