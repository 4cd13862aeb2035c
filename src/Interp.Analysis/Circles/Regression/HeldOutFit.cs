using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Regression;

/// <summary>A design fitted without each part of the cells in turn, and what a further group would explain of the cells left out.</summary>
internal sealed class HeldOutFit : IDisposable
{
    private readonly List<Fold> _folds = [];
    private readonly double _total;

    /// <summary>Fits the design.</summary>
    /// <param name="design">F, float64 <c>[n, k]</c>.</param>
    /// <param name="values">Y, float64 <c>[n, m]</c>, column means zero.</param>
    /// <param name="parts">The part of each row.</param>
    public HeldOutFit(Tensor design, Tensor values, int[] parts)
    {
        using var scope = NewDisposeScope();
        _total = values.square().sum().item<double>();
        foreach (var part in parts.Distinct().Order())
        {
            Tensor Rows(bool isHeldOut) => tensor(Enumerable.Range(0, parts.Length).Where(row => (parts[row] == part) == isHeldOut).Select(row => (long)row).ToArray());
            var (inside, outside) = (Rows(false), Rows(true));
            var (inner, outer) = (design.index_select(0, inside), design.index_select(0, outside));
            var inverse = PseudoInverse.Of(inner);
            var coefficients = inverse.matmul(values.index_select(0, inside));
            _folds.Add(new Fold(
                inside, outside, inner, outer, inverse, values.index_select(0, inside) - inner.matmul(coefficients), values.index_select(0, outside) - outer.matmul(coefficients)));
        }

        R2 = 1 - (_folds.Sum(fold => fold.OuterError.square().sum().item<double>()) / _total);

        // What is kept outlives the scopes of whoever makes this.
        foreach (var kept in _folds.SelectMany(fold => fold.Tensors))
        {
            kept.DetachFromDisposeScope();
        }
    }

    /// <summary>R² over the cells left out; may be negative.</summary>
    public double R2 { get; }

    /// <summary>By how much a group raises it.</summary>
    /// <param name="group">Its columns, float64 <c>[n, k]</c>.</param>
    public double Gain(Tensor group)
    {
        using var scope = NewDisposeScope();
        var error = _folds.Sum(fold => fold.ErrorWith(group));
        return 1 - (error / _total) - R2;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kept in _folds.SelectMany(fold => fold.Tensors))
        {
            kept.Dispose();
        }
    }

    private sealed record Fold(Tensor Inside, Tensor Outside, Tensor Inner, Tensor Outer, Tensor Inverse, Tensor InnerError, Tensor OuterError)
    {
        public Tensor[] Tensors => [Inside, Outside, Inner, Outer, Inverse, InnerError, OuterError];

        /// <summary>The squared error in the cells left out after the group's own part, which the design cannot make, is fitted too.</summary>
        public double ErrorWith(Tensor group)
        {
            var (inner, outer) = (group.index_select(0, Inside), group.index_select(0, Outside));
            var shared = Inverse.matmul(inner);
            var (ownInner, ownOuter) = (inner - Inner.matmul(shared), outer - Outer.matmul(shared));
            return (OuterError - ownOuter.matmul(PseudoInverse.Of(ownInner).matmul(InnerError))).square().sum().item<double>();
        }
    }
}
