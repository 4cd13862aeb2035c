namespace Interp.Analysis.Tests.Atoms.Formats;

/// <summary>Small dictionaries that other tools saved (SAELens 6.18, sparsify, dictionary_learning, Gemma Scope's layout), random weights, with what those tools computed.</summary>
internal static class SavedDictionaries
{
    /// <summary>Those in the tree.</summary>
    public static TheoryData<string> Kept => [.. Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Root => Path.Combine(AppContext.BaseDirectory, "Data", "saes");

    public static string Folder(string name) => Path.Combine(Root, name);
}
