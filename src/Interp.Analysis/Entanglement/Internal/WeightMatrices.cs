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
            return options.Steps ? TrainingSteps.OfAdapters(options.Adapter) : AdapterMatrices.Open(options.Adapter);
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
            if (!options.Steps)
            {
                return new WeightMatrices([.. names.Select(name => Change(model, () => model, before, name))], before);
            }

            var (matrices, open) = TrainingSteps.OfModels(model.Folder!, names, (tuned, name) => Change(model, tuned, before, name));
            return new WeightMatrices(matrices, new Both(before, open));
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
        string[] chosen = [.. Named(all, patterns)];
        return chosen.Length > 0
            ? chosen
            : throw new InterpException($"no matrix of {model.Name} is called {string.Join(" or ", patterns)}: its matrices are {string.Join(", ", all.Take(12))}{(all.Length > 12 ? ", …" : "")}");
    }

    private static WeightMatrix Change(LanguageModel model, Func<LanguageModel> tuned, LanguageModel before, string name)
    {
        if (!before.Parameters.TryGetValue(name, out var other) || !other.shape.SequenceEqual(model.Parameters[name].shape))
        {
            throw new InterpException($"{before.Name} has no {name} of shape [{string.Join(", ", model.Parameters[name].shape)}]: choose the model that {model.Name} was trained from");
        }

        var matrix = WeightMatrix.Difference(name, () => OutIn(tuned(), name), () => OutIn(before, name));
        return matrix.WithHeadsOf(model, name);
    }

    private static WeightMatrix Matrix(LanguageModel model, string name, Func<Tensor> open) => WeightMatrix.Dense(name, open).WithHeadsOf(model, name);

    /// <summary>A weight as [out, in], heads most significant; embeddings stay [token, d_model]. Owned by the caller.</summary>
    /// <param name="name">TransformerLens's name of the weight.</param>
    /// <param name="weight">The weight in TransformerLens's layout.</param>
    internal static Tensor OutIn(string name, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var matrix = Own(name) switch
        {
            "W_E" or "W_pos" => weight.alias(),
            "W_Q" or "W_K" or "W_V" => weight.permute(0, 2, 1).flatten(0, 1), // [H, D, h] to [H·h, D]
            "W_O" => weight.flatten(0, 1).t(), // [H, h, D] to [D, H·h]
            _ when weight.dim() == 2 => weight.t(),
            _ => weight.transpose(1, 2).flatten(0, 1),
        };
        return matrix.MoveToOuterDisposeScope();
    }

    /// <summary>The way back of <see cref="OutIn(string, Tensor)"/>: a matrix [out, in] in a weight's layout. Owned by the caller.</summary>
    internal static Tensor FromOutIn(string name, Tensor matrix, long[] shape)
    {
        using var scope = NewDisposeScope();
        var weight = Own(name) switch
        {
            "W_E" or "W_pos" => matrix.alias(),
            "W_Q" or "W_K" or "W_V" => matrix.reshape(shape[0], shape[2], shape[1]).permute(0, 2, 1),
            "W_O" => matrix.t().reshape(shape),
            _ when shape.Length == 2 => matrix.t(),
            _ => matrix.reshape(shape[0], shape[2], shape[1]).transpose(1, 2),
        };
        return weight.MoveToOuterDisposeScope();
    }

    /// <summary>The names that any of the patterns matches, * standing for anything; all of them where there is no pattern.</summary>
    internal static IReadOnlyList<string> Named(IEnumerable<string> names, IReadOnlyList<string> patterns) => [.. names
        .Where(name => patterns.Count == 0 || patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))];

    private static string Own(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static Tensor OutIn(LanguageModel model, string name) => OutIn(name, model.Parameters[name]);

    /// <summary>Two things that are closed together.</summary>
    private sealed record Both(IDisposable First, IDisposable Second) : IDisposable
    {
        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }
}
