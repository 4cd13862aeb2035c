using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>One matrix to measure, opened when its turn comes.</summary>
public sealed class WeightMatrix
{
    private readonly Func<Opened> _open;

    private WeightMatrix(string name, Func<Opened> open)
    {
        Name = name;
        _open = open;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The heads that share the rows, or null.</summary>
    public int? RowHeads { get; private init; }

    /// <summary>The heads that share the columns, or null.</summary>
    public int? ColumnHeads { get; private init; }

    /// <summary>The training step at which it was saved, or null.</summary>
    public int? Step { get; private init; }

    /// <summary>A matrix in memory or behind a reader.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="open">Gives a tensor <c>[out, in]</c> that the analysis frees.</param>
    public static WeightMatrix Dense(string name, Func<Tensor> open) => new(name, () => new Opened(open(), null, null));

    /// <summary>What training changed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tuned">Gives the matrix after, <c>[out, in]</c>; the analysis frees it.</param>
    /// <param name="before">Gives the matrix before, of the same shape; the analysis frees it.</param>
    public static WeightMatrix Difference(string name, Func<Tensor> tuned, Func<Tensor> before) => new(name, () =>
    {
        using var scope = NewDisposeScope();
        var reference = before().to(ScalarType.Float64);
        var change = tuned().to(ScalarType.Float64) - reference;
        var norm = reference.norm().item<double>();
        return new Opened(change.MoveToOuterDisposeScope(), null, norm > 0 ? change.norm().item<double>() / norm : null);
    });

    /// <summary>A product that is never formed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="open">Gives B <c>[out, r]</c> and A <c>[r, in]</c>, which the analysis frees.</param>
    public static WeightMatrix Product(string name, Func<(Tensor B, Tensor A)> open) => new(name, () =>
    {
        var (b, a) = open();
        return new Opened(b, a, null);
    });

    /// <summary>The same matrix, known to be shared among attention heads.</summary>
    /// <param name="rowHeads">The heads that share the rows, or null.</param>
    /// <param name="columnHeads">The heads that share the columns, or null.</param>
    public WeightMatrix WithHeads(int? rowHeads, int? columnHeads) => new(Name, _open) { RowHeads = rowHeads, ColumnHeads = columnHeads, Step = Step };

    /// <summary>The same matrix, as it was after a training step.</summary>
    internal WeightMatrix AtStep(int step) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"step {step}: {Name}"), _open) { RowHeads = RowHeads, ColumnHeads = ColumnHeads, Step = step };

    /// <summary>The same matrix, shared among the heads of a model's weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The weight's name there.</param>
    internal WeightMatrix WithHeadsOf(LanguageModel model, string name)
    {
        int? heads = name.Contains(".attn.", StringComparison.Ordinal) ? (int)model.Parameters[name].shape[0] : null;
        var isOutput = name.EndsWith("W_O", StringComparison.Ordinal);
        return WithHeads(isOutput ? null : heads, isOutput ? heads : null);
    }

    /// <summary>The first tensor is the matrix, or the left factor where there is a second.</summary>
    internal Opened Open() => _open();

    /// <summary>An opened matrix; owned by the one who opened it.</summary>
    /// <param name="Left">The matrix, or B.</param>
    /// <param name="Right">A, or null.</param>
    /// <param name="RelativeNorm">The norm over that of the matrix subtracted from, or null.</param>
    internal sealed record Opened(Tensor Left, Tensor? Right, double? RelativeNorm) : IDisposable
    {
        public int Rows => (int)Left.shape[0];

        public int Columns => (int)(Right ?? Left).shape[1];

        public void Dispose()
        {
            Left.Dispose();
            Right?.Dispose();
        }
    }
}
