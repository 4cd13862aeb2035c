using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The updates of a low-rank adapter: pairs of <c>….lora_B.weight</c> [out, r] and <c>….lora_A.weight</c> [r, in].</summary>
internal static class AdapterMatrices
{
    private const string FileName = "adapter_model.safetensors";
    private const string LeftSuffix = ".lora_B.weight";
    private const string RightSuffix = ".lora_A.weight";
    private const string Prefix = "base_model.model.";

    /// <summary>Opens an adapter's folder. The scale α/r is left out, as a profile does not depend on it.</summary>
    /// <exception cref="InterpException">The folder holds no low-rank pairs, or they do not fit.</exception>
    public static WeightMatrices Open(string folder)
    {
        var file = SafetensorsFile.Open(Path.Combine(folder, FileName));
        try
        {
            var names = file.Entries.Keys.Where(name => name.EndsWith(LeftSuffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
            return names.Length > 0
                ? new WeightMatrices([.. names.Select(name => Pair(file, name))], file)
                : throw new InterpException($"{file.Path} holds no pair of lora_A and lora_B: choose the folder of a low-rank adapter");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static WeightMatrix Pair(SafetensorsFile file, string left)
    {
        var stem = left[..^LeftSuffix.Length];
        var right = stem + RightSuffix;
        if (!file.Entries.TryGetValue(right, out var a))
        {
            throw new InterpException($"{file.Path} holds {left} but no {right}: the adapter is damaged");
        }

        var b = file.Entries[left];
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[0] != b.Shape[1])
        {
            throw new InterpException($"{file.Path}: {left} should be [out, r] and {right} [r, in], but they are [{string.Join(", ", b.Shape)}] and [{string.Join(", ", a.Shape)}]");
        }

        var name = stem.StartsWith(Prefix, StringComparison.Ordinal) ? stem[Prefix.Length..] : stem;
        return WeightMatrix.Product(name, () => (file.Read(left), file.Read(right)));
    }
}
