using Interp.Compute;

namespace Interp.Models.Training.FineTuning;

/// <summary>The modules that are trained whole beside an adapter, PEFT's <c>modules_to_save</c>.</summary>
internal static class SavedModules
{
    /// <summary>Every module that has vectors only: norms.</summary>
    private const string Norms = "norms";

    /// <summary>The tensors of the modules that a list of targets names.</summary>
    /// <param name="shapes">The checkpoint's tensors that the logits depend on.</param>
    /// <param name="targets">Module names, tails of paths, or <c>norms</c>.</param>
    /// <param name="adapted">The tensors that adapters change.</param>
    /// <exception cref="InterpException">A target names nothing, or a module that has an adapter.</exception>
    public static IReadOnlyList<string> Choose(IReadOnlyDictionary<string, long[]> shapes, IReadOnlyList<string> targets, IReadOnlyCollection<string> adapted)
    {
        var modules = shapes.GroupBy(entry => Path(entry.Key)).ToDictionary(module => module.Key, module => module.ToArray(), StringComparer.Ordinal);
        var chosen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            var found = modules.Where(module => target == Norms ? module.Value.All(entry => entry.Value.Length == 1) : Answers(module.Key, target)).ToArray();
            if (found.Length == 0)
            {
                throw new InterpException(
                    $"no module of the model answers to {target} among the modules to save: choose among {string.Join(", ", modules.Keys.Select(path => path[(path.LastIndexOf('.') + 1)..]).Distinct().Order(StringComparer.Ordinal))} and {Norms}");
            }

            if (found.FirstOrDefault(module => module.Value.Any(entry => adapted.Contains(entry.Key))) is { Key: not null } both)
            {
                throw new InterpException($"{both.Key} has an adapter and cannot be trained whole too: leave it out of the targets or of the modules to save");
            }

            chosen.UnionWith(found.SelectMany(module => module.Value.Select(entry => entry.Key)));
        }

        return [.. chosen];
    }

    /// <summary>The module that a tensor belongs to.</summary>
    public static string Path(string tensor) => tensor.LastIndexOf('.') is > 0 and var dot ? tensor[..dot] : tensor;

    private static bool Answers(string path, string target) => path == target || path.EndsWith($".{target}", StringComparison.Ordinal);
}
