using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The matrices of one run, and what must stay open while they are read.</summary>
public sealed class WeightMatrices : IDisposable
{
    private readonly IDisposable? _open;

    /// <summary>Takes a list of matrices.</summary>
    /// <param name="matrices">The matrices.</param>
    /// <param name="open">Disposed with this, or null.</param>
    public WeightMatrices(IReadOnlyList<WeightMatrix> matrices, IDisposable? open = null)
    {
        Matrices = matrices;
        _open = open;
    }

    /// <summary>The matrices.</summary>
    public IReadOnlyList<WeightMatrix> Matrices { get; }

    /// <summary>The adapter where the options name one, else the tensor, else the model's matrices, less those of the options' base.</summary>
    /// <exception cref="InterpException">There is nothing to measure, or the sources do not fit.</exception>
    public static WeightMatrices Open(AnalysisSources sources, EntanglementInternalOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        if (!string.IsNullOrEmpty(options.Adapter))
        {
            return AdapterMatrices.Open(options.Adapter);
        }

        if (sources.Tensor is { } reference)
        {
            return new WeightMatrices([WeightMatrix.Dense(reference, () => TensorReference.Read(reference))]);
        }

        var model = sources.Model ?? throw new InterpException("entanglement needs a tensor, a model or an adapter: name FILE:TENSOR, a model, or the option adapter");
        var names = Chosen(model, options.Matrices);
        if (string.IsNullOrEmpty(options.Base))
        {
            return new WeightMatrices([.. names.Select(name => Matrix(model, name, () => OutIn(model, name)))]);
        }

        var before = LanguageModel.Load(options.Base);
        try
        {
            return new WeightMatrices([.. names.Select(name => Change(model, before, name))], before);
        }
        catch
        {
            before.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();

    private static string[] Chosen(LanguageModel model, IReadOnlyList<string> patterns)
    {
        var all = model.Parameters.Keys
            .Where(name => name[(name.LastIndexOf('.') + 1)..].StartsWith("W_", StringComparison.Ordinal))
            .Where(name => !(name == "unembed.W_U" && model.Config.IsHeadTied))
            .ToArray();
        var chosen = patterns.Count == 0 ? all : [.. all.Where(name => patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))];
        return chosen.Length > 0
            ? chosen
            : throw new InterpException($"no matrix of {model.Name} is called {string.Join(" or ", patterns)}: its matrices are {string.Join(", ", all.Take(12))}{(all.Length > 12 ? ", …" : "")}");
    }

    private static WeightMatrix Change(LanguageModel model, LanguageModel before, string name)
    {
        if (!before.Parameters.TryGetValue(name, out var other) || !other.shape.SequenceEqual(model.Parameters[name].shape))
        {
            throw new InterpException($"{before.Name} has no {name} of shape [{string.Join(", ", model.Parameters[name].shape)}]: choose the model that {model.Name} was trained from");
        }

        var matrix = WeightMatrix.Difference(name, () => OutIn(model, name), () => OutIn(before, name));
        return WithHeads(matrix, model, name);
    }

    private static WeightMatrix Matrix(LanguageModel model, string name, Func<Tensor> open) => WithHeads(WeightMatrix.Dense(name, open), model, name);

    private static WeightMatrix WithHeads(WeightMatrix matrix, LanguageModel model, string name)
    {
        int? heads = name.Contains(".attn.", StringComparison.Ordinal) ? (int)model.Parameters[name].shape[0] : null;
        var isOutput = name.EndsWith("W_O", StringComparison.Ordinal);
        return matrix.WithHeads(isOutput ? null : heads, isOutput ? heads : null);
    }

    /// <summary>A weight as [out, in], heads most significant; embeddings stay [token, d_model].</summary>
    private static Tensor OutIn(LanguageModel model, string name)
    {
        using var scope = NewDisposeScope();
        var weight = model.Parameters[name];
        var matrix = name[(name.LastIndexOf('.') + 1)..] switch
        {
            "W_E" or "W_pos" => weight.alias(),
            "W_Q" or "W_K" or "W_V" => weight.permute(0, 2, 1).flatten(0, 1), // [H, D, h] to [H·h, D]
            "W_O" => weight.flatten(0, 1).t(), // [H, h, D] to [D, H·h]
            _ when weight.dim() == 2 => weight.t(),
            _ => weight.transpose(1, 2).flatten(0, 1),
        };
        return matrix.MoveToOuterDisposeScope();
    }
}
