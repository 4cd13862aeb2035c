using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Regression;

/// <summary>The design so far: its residual, its fit without each part of the cells, and the steps that made it.</summary>
internal sealed class GridFit : IDisposable
{
    private readonly Tensor _values;
    private readonly int _p;
    private readonly RegressionOptions _options;
    private readonly int[] _parts;
    private readonly double _total;
    private Tensor _design;
    private Tensor _basis;
    private Tensor _residual;
    private HeldOutFit _heldOut;

    /// <summary>Fits the constant.</summary>
    /// <param name="values">Y, float64 <c>[p², m]</c>, column means zero; stays the caller's.</param>
    /// <param name="p">The grid's side.</param>
    /// <param name="options">Folds, draws, seed.</param>
    public GridFit(Tensor values, int p, RegressionOptions options)
    {
        (_values, _p, _options) = (values, p, options);
        _parts = GridFolds.Of(p, Math.Min(options.Folds, p), options.Seed);
        _total = values.square().sum().item<double>();
        _design = ones(values.shape[0], 1, dtype: ScalarType.Float64);
        (_basis, _residual, _heldOut) = Fit();
        Steps = [Step("constant", null, 1, 0, null, [])];
    }

    /// <summary>The steps, the constant first.</summary>
    public List<RegressionStep> Steps { get; }

    /// <summary>What a group would add.</summary>
    public RegressionCandidate Candidate(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var group = Columns(name);
        var own = Own(group);
        return new RegressionCandidate(
            name, (int)own.shape[1], own.t().matmul(_residual).square().sum().item<double>() / _total, own.shape[1] == 0 ? 0 : _heldOut.Gain(group));
    }

    /// <summary>The p-value of a group by shuffling the residual.</summary>
    public double PValue(string name, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var own = Own(Columns(name));
        return own.shape[1] == 0 || _residual.square().sum().item<double>() <= RegressionAnalysis.Nothing * _total
            ? 1
            : ResidualPermutation.PValue(_basis, own, _residual, _options.Draws, _options.Seed, cancellation);
    }

    /// <summary>Adds a group.</summary>
    public void Add(string name, RegressionCandidate[] rivals, CancellationToken cancellation)
    {
        var before = Steps[^1];
        var p = PValue(name, cancellation);
        using (var scope = NewDisposeScope())
        {
            var extended = cat([_design, Columns(name)], 1).MoveToOuterDisposeScope();
            Dispose();
            _design = extended;
        }

        (_basis, _residual, _heldOut) = Fit();
        Steps.Add(Step(name, before, (int)_basis.shape[1], before.R2, p, rivals));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _design.Dispose();
        _basis.Dispose();
        _residual.Dispose();
        _heldOut.Dispose();
    }

    private (Tensor Basis, Tensor Residual, HeldOutFit HeldOut) Fit()
    {
        using var scope = NewDisposeScope();
        var basis = PseudoInverse.Basis(_design);
        var residual = _values - basis.matmul(basis.t().matmul(_values));
        return (basis.MoveToOuterDisposeScope(), residual.MoveToOuterDisposeScope(), new HeldOutFit(_design, _values, _parts));
    }

    private RegressionStep Step(string name, RegressionStep? before, int rank, double r2Before, double? p, RegressionCandidate[] rivals)
    {
        var left = _residual.square().sum().item<double>() / _total;
        var isLeft = left > RegressionAnalysis.Nothing;
        return new RegressionStep
        {
            Group = name,
            Rank = rank,
            DegreesOfFreedom = rank - (before?.Rank ?? 0),
            R2 = 1 - left,
            Gain = 1 - left - r2Before,
            HeldOutR2 = _heldOut.R2,
            HeldOutGain = _heldOut.R2 - (before?.HeldOutR2 ?? 0),
            PValue = p,
            ResidualShares = ResidualColours.Shares(_residual, _total),
            Colours = isLeft ? ResidualColours.Of(_residual) : [],
            Rivals = rivals,
        };
    }

    private Tensor Columns(string name) => GridFeatures.Columns(name, _p).ToTensor();

    /// <summary>An orthonormal basis of the part of a group that the design cannot make.</summary>
    private Tensor Own(Tensor group) => PseudoInverse.Basis(group - _basis.matmul(_basis.t().matmul(group)));
}
