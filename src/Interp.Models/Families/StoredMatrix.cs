using System.Text.RegularExpressions;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>A matrix of a block as its checkpoint stores it: an adapter changes it as [out, in].</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Shape">The tensor's shape.</param>
/// <param name="Order">How its axes stand.</param>
internal sealed partial record StoredMatrix(string Name, IReadOnlyList<long> Shape, StoredMatrix.Axes Order)
{
    private const string Suffix = ".weight";

    private static readonly HashSet<string> s_queriesAndValues = ["q_proj", "v_proj", "c_attn", "query_key_value", "qkv_proj", "W_Q", "W_V"];

    /// <summary>How a matrix lies in its tensor.</summary>
    internal enum Axes
    {
        /// <summary>[out, in].</summary>
        OutIn,

        /// <summary>[in, out] (GPT-2's Conv1D).</summary>
        InOut,

        /// <summary>[heads, in, d_head], outputs by head.</summary>
        HeadsInOut,

        /// <summary>[heads, d_head, out], inputs by head.</summary>
        HeadsOutputs,
    }

    /// <summary>The module's path, as adapters name it.</summary>
    public string Path => Name.EndsWith(Suffix, StringComparison.Ordinal) ? Name[..^Suffix.Length] : Name;

    /// <summary>The module's own name, the last word of its path.</summary>
    public string Module => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>Rows of the matrix.</summary>
    public int Outputs => (int)(Order switch
    {
        Axes.OutIn => Shape[0],
        Axes.InOut => Shape[1],
        Axes.HeadsInOut => Shape[0] * Shape[2],
        _ => Shape[2],
    });

    /// <summary>Columns of the matrix.</summary>
    public int Inputs => (int)(Order switch
    {
        Axes.OutIn => Shape[1],
        Axes.InOut => Shape[0],
        Axes.HeadsInOut => Shape[1],
        _ => Shape[0] * Shape[1],
    });

    /// <summary>The matrices of a checkpoint's blocks, in the order of the names.</summary>
    /// <param name="family">The model's family.</param>
    /// <param name="shapes">The checkpoint's tensors.</param>
    public static IReadOnlyList<StoredMatrix> All(string family, IEnumerable<KeyValuePair<string, IReadOnlyList<long>>> shapes) =>
        [.. shapes.Where(entry => Layer().IsMatch(entry.Key)).Select(entry => Of(family, entry.Key, entry.Value)).OfType<StoredMatrix>()];

    /// <summary>The matrix of a tensor, or null where it is none.</summary>
    public static StoredMatrix? Of(string family, string name, IReadOnlyList<long> shape)
    {
        if (family == HookedTransformer.Type)
        {
            return (name[(name.LastIndexOf('.') + 1)..], shape.Count) switch
            {
                ("W_Q" or "W_K" or "W_V", 3) => new(name, shape, Axes.HeadsInOut),
                ("W_O", 3) => new(name, shape, Axes.HeadsOutputs),
                ("W_in" or "W_gate" or "W_out", 2) => new(name, shape, Axes.InOut),
                _ => null,
            };
        }

        return shape.Count == 2 && name.EndsWith(Suffix, StringComparison.Ordinal)
            ? new(name, shape, family == "gpt2" ? Axes.InOut : Axes.OutIn)
            : null;
    }

    /// <summary>Those that a list of targets names.</summary>
    /// <param name="all">The matrices.</param>
    /// <param name="targets">Module names, tails of paths, or <c>attention</c>, <c>mlp</c>, <c>all-linear</c>; none for queries and values.</param>
    /// <exception cref="CheckpointException">A target names nothing.</exception>
    public static IReadOnlyList<StoredMatrix> Choose(IReadOnlyList<StoredMatrix> all, IReadOnlyList<string> targets)
    {
        if (targets.Count == 0)
        {
            var chosen = all.Where(matrix => s_queriesAndValues.Contains(matrix.Module)).ToArray();
            return chosen.Length > 0 ? chosen : throw Unknown(all, "queries and values");
        }

        foreach (var target in targets)
        {
            if (!all.Any(matrix => matrix.Answers(target)))
            {
                throw Unknown(all, target);
            }
        }

        return [.. all.Where(matrix => targets.Any(matrix.Answers))];
    }

    /// <summary>The matrix [out, in] of a tensor, a view where the layout allows; in the present dispose scope.</summary>
    public Tensor ToOutIn(Tensor stored) => Order switch
    {
        Axes.OutIn => stored.alias(),
        Axes.InOut => stored.t(),
        Axes.HeadsInOut => stored.permute(0, 2, 1).reshape(Outputs, Inputs),
        _ => stored.reshape(Inputs, Outputs).t(),
    };

    /// <summary>A matrix [out, in] in the tensor's layout; in the present dispose scope.</summary>
    public Tensor ToStored(Tensor matrix) => Order switch
    {
        Axes.OutIn => matrix.alias(),
        Axes.InOut => matrix.t(),
        Axes.HeadsInOut => matrix.reshape(Shape[0], Shape[2], Shape[1]).permute(0, 2, 1),
        _ => matrix.t().reshape(Shape[0], Shape[1], Shape[2]),
    };

    private bool Answers(string target) => target switch
    {
        "all-linear" => true,
        "attention" => IsAttention,
        "mlp" => !IsAttention,
        _ => Path == target || Path.EndsWith($".{target}", StringComparison.Ordinal),
    };

    private bool IsAttention => Path.Contains("attn", StringComparison.Ordinal) || Path.Contains("attention", StringComparison.Ordinal);

    private static CheckpointException Unknown(IReadOnlyList<StoredMatrix> all, string target) =>
        new($"no matrix of the model answers to the target {target}: choose among {string.Join(", ", all.Select(matrix => matrix.Module).Distinct())}, attention, mlp and all-linear");

    [GeneratedRegex(@"(^|\.)\d+\.")]
    private static partial Regex Layer();
}
