using System.Globalization;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Helix;

/// <summary>Numbers split into fitted ones and ones held out; every basis is fitted in the fitted rows' principal components.</summary>
internal sealed class HelixSplit
{
    private readonly Tensor _rows;
    private readonly int[] _fitted;
    private readonly int[] _heldOut;
    private readonly PrincipalComponents _components;
    private readonly double[,] _scores;
    private readonly double _fittedTotal;
    private readonly double _heldOutTotal;

    /// <summary>Splits by number and finds the components of the fitted rows.</summary>
    /// <param name="rows">float64 <c>[n, d]</c> on the CPU; lives in the caller's scope.</param>
    /// <param name="options">The share held out, components, seed.</param>
    /// <exception cref="InterpException">The rows are all equal, or a number is not finite.</exception>
    public HelixSplit(Tensor rows, HelixOptions options)
    {
        var count = (int)rows.shape[0];
        var order = SplitMix64.ForStream(options.Seed, "helix split").Permutation(count);
        var heldOut = Math.Clamp((int)Math.Round(options.HeldOut * count), 1, count - 4);
        (_heldOut, _fitted) = ([.. order.Take(heldOut).Order()], [.. order.Skip(heldOut).Order()]);
        _rows = rows;
        var fitted = Rows(rows, _fitted);
        _components = PrincipalComponents.Fit(fitted, (int)Math.Min(options.Components, Math.Min(_fitted.Length, rows.shape[1])));
        _scores = _components.Scores(fitted).ToMatrix();
        (_fittedTotal, _heldOutTotal) = (Total(_fitted), Total(_heldOut));
        if (!(Math.Min(_fittedTotal, _heldOutTotal) > 1e-20 * rows.square().sum().item<double>()))
        {
            throw new InterpException("the rows of the activations of numbers are all equal: there is nothing to fit");
        }
    }

    /// <summary>Numbers held out.</summary>
    public int HeldOut => _heldOut.Length;

    /// <summary>Principal components used.</summary>
    public int Components => _components.Variances.Length;

    /// <summary>Fits a basis by least squares and reconstructs through the components.</summary>
    /// <param name="name">What the basis is.</param>
    /// <param name="basis">Its values at every number <c>[n, k]</c>.</param>
    public HelixFit Fit(string name, double[,] basis)
    {
        using var scope = NewDisposeScope();
        var values = basis.ToTensor();
        var (coefficients, rank) = LeastSquares.Solve(Rows(values, _fitted).ToMatrix(), _scores);
        var read = values.matmul(coefficients.ToTensor());
        return new HelixFit(name, rank, Share(read, _fitted, _fittedTotal), Share(read, _heldOut, _heldOutTotal));
    }

    /// <summary>What the first principal components alone keep: the most that any basis of that rank can explain of the fitted rows.</summary>
    public HelixFit Principal(int rank)
    {
        using var scope = NewDisposeScope();
        var kept = Math.Min(rank, Components);
        var scores = _components.Scores(_rows);
        if (kept < Components)
        {
            scores.narrow(1, kept, Components - kept).zero_();
        }

        return new HelixFit(string.Create(CultureInfo.InvariantCulture, $"{rank} principal components"), kept, Share(scores, _fitted, _fittedTotal), Share(scores, _heldOut, _heldOutTotal));
    }

    private double Share(Tensor scores, int[] which, double total)
    {
        using var scope = NewDisposeScope();
        var reconstructed = Rows(scores, which).matmul(_components.Components.ToTensor()) + tensor(_components.Mean);
        return 1 - ((Rows(_rows, which) - reconstructed).square().sum().item<double>() / total);
    }

    private double Total(int[] which)
    {
        using var scope = NewDisposeScope();
        return (Rows(_rows, which) - tensor(_components.Mean)).square().sum().item<double>();
    }

    private static Tensor Rows(Tensor values, int[] which) => values.index_select(0, tensor(which));
}
