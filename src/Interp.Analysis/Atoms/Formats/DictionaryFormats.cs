using Interp.Compute;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>All layouts: which one a folder is in shows from its files, never from its name.</summary>
public static class DictionaryFormats
{
    /// <summary>In this order: the first that fits is it.</summary>
    private static readonly (DictionaryFormat Format, Func<string, bool> Matches, Func<string, SparseAutoencoder> Read)[] s_readers =
    [
        (DictionaryFormat.Sparsify, SparsifyFolder.Matches, SparsifyFolder.Read),
        (DictionaryFormat.LlamaScope, LlamaScopeFolder.Matches, LlamaScopeFolder.Read),
        (DictionaryFormat.LlamaScopeR1, LlamaScopeFolder.MatchesDistilled, LlamaScopeFolder.ReadDistilled),
        (DictionaryFormat.SaeLens, SaeLensFolder.Matches, SaeLensFolder.Read),
        (DictionaryFormat.GemmaScope, GemmaScopeFolder.Matches, GemmaScopeFolder.Read),
        (DictionaryFormat.GemmaScope2, GemmaScope2Folder.Matches, GemmaScope2Folder.Read),
        (DictionaryFormat.CircuitTracer, CircuitTracerFolder.Matches, CircuitTracerFolder.Read),
        (DictionaryFormat.DictionaryLearning, DictionaryLearningFolder.Matches, DictionaryLearningFolder.Read),
        (DictionaryFormat.OpenAi, OpenAiFile.Matches, OpenAiFile.Read),
    ];

    private static readonly Dictionary<DictionaryFormat, Action<string, SparseAutoencoder>> s_writers = new()
    {
        [DictionaryFormat.SaeLens] = SaeLensFolder.Write,
        [DictionaryFormat.Sparsify] = SparsifyFolder.Write,
        [DictionaryFormat.GemmaScope] = GemmaScopeFolder.Write,
        [DictionaryFormat.CircuitTracer] = CircuitTracerFolder.Write,
        [DictionaryFormat.DictionaryLearning] = DictionaryLearningFolder.Write,
    };

    /// <summary>The layouts that can be written.</summary>
    public static IReadOnlyCollection<DictionaryFormat> Writable => s_writers.Keys;

    /// <summary>The layout of a folder or file, or null when none fits.</summary>
    public static DictionaryFormat? Detect(string path)
    {
        foreach (var (format, matches, _) in s_readers)
        {
            if (matches(path))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>Reads a dictionary.</summary>
    /// <param name="path">A folder, or a single file of weights.</param>
    /// <exception cref="InterpException">No layout fits, or the files are damaged.</exception>
    internal static SparseAutoencoder Read(string path)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            throw new InterpException($"{path}: there is no such folder; give a sparse autoencoder's");
        }

        var reader = s_readers.FirstOrDefault(entry => entry.Matches(path)).Read ?? throw new InterpException(WhatIsThere(path));
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var noGradient = TorchSharp.torch.no_grad();
        return reader(path);
    }

    /// <summary>Writes a dictionary.</summary>
    /// <exception cref="InterpException">The layout is only read, or has no place for a dictionary of this kind.</exception>
    internal static void Write(string folder, SparseAutoencoder dictionary, DictionaryFormat format)
    {
        if (!s_writers.TryGetValue(format, out var write))
        {
            throw new InterpException($"dictionaries are not written in the layout {format}: choose one of {string.Join(", ", Writable)}");
        }

        using var scope = TorchSharp.torch.NewDisposeScope();
        using var noGradient = TorchSharp.torch.no_grad();
        Directory.CreateDirectory(folder);
        write(folder, dictionary);
    }

    private static string WhatIsThere(string path)
    {
        if (File.Exists(path))
        {
            return $"{path}: is no sparse autoencoder that is known here; give its folder";
        }

        string[] inside = [.. Directory.EnumerateDirectories(path).Where(folder => Detect(folder) is not null).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal).Take(8)];
        if (inside.Length > 0)
        {
            return $"{path}: holds several sparse autoencoders ({string.Join(", ", inside)}): give the folder of one";
        }

        var missing = Missing(path);
        return $"{path}: is no sparse autoencoder's folder, {missing}; give a folder in the layout of SAELens, sparsify, dictionary_learning, Gemma Scope, Llama Scope or circuit-tracer";
    }

    private static string Missing(string path) =>
        File.Exists(Path.Combine(path, SaeLensFolder.ConfigFile)) ? $"{SaeLensFolder.WeightsFile} is missing beside {SaeLensFolder.ConfigFile}"
        : File.Exists(Path.Combine(path, SaeLensFolder.WeightsFile)) ? $"{SaeLensFolder.ConfigFile} is missing beside {SaeLensFolder.WeightsFile}"
        : $"{SaeLensFolder.ConfigFile} is missing";
}
