using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Capacity.Packing;

/// <summary>
/// Packs k unit vectors of width d: Adam (β 0.9, 0.999) on Σ over i ≠ j of |⟨x_i, x_j⟩|^p, with x = w/‖w‖ inside the loss. The
/// rows w start at unit length, which the documented progress needs (at the length √d of normal rows a step of the same rate turns them √d times less). The
/// gradient is written out and products are taken by bands of rows, so that no k × k matrix is held.
/// Source: arXiv 2606.02765 (Guha), the packing experiment.
/// </summary>
internal sealed class PackingOptimizer : IDisposable
{
    private const int BandRows = 1024;
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Smallest = 1e-8;

    private readonly Tensor _weights;
    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly int _power;
    private readonly double _rate;
    private int _steps;

    public PackingOptimizer(int count, int dimension, int power, double rate, long seed, Device device)
    {
        var random = SplitMix64.ForStream(seed, "packing");
        var values = new float[(long)count * dimension];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        using var scope = NewDisposeScope();
        var normal = tensor(values, count, dimension).to(device);
        _weights = (normal / normal.norm(1, keepdim: true)).DetachFromDisposeScope();
        _first = zeros_like(_weights).DetachFromDisposeScope();
        _second = zeros_like(_weights).DetachFromDisposeScope();
        (_power, _rate) = (power, rate);
    }

    /// <summary>p of the published procedure: min(⌊m/ln d⌋, 20), m 40 for k ≤ 4000, else 50 for d ≥ 3072, else 60; at least 2.</summary>
    public static int PublishedPower(int count, int dimension)
    {
        var strength = count <= 4000 ? 40 : dimension >= 3072 ? 50 : 60;
        return Math.Max(2, (int)Math.Min(Math.Floor(strength / Math.Log(dimension)), 20));
    }

    /// <summary>The published constant rate.</summary>
    public static double PublishedRate(int dimension) => dimension <= 1024 ? 0.005 : 0.0025;

    /// <summary>The largest |cosine| of the present vectors, from products in float32.</summary>
    public double LargestCosine()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var unit = Unit(out _);
        var largest = 0.0;
        for (long first = 0; first < unit.shape[0]; first += BandRows)
        {
            using var inner = NewDisposeScope();
            largest = Math.Max(largest, Products(unit, first).abs().max().item<float>());
        }

        return largest;
    }

    /// <summary>One step of Adam.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var unit = Unit(out var norms);
        var gradient = empty_like(unit);
        for (long first = 0; first < unit.shape[0]; first += BandRows)
        {
            using var inner = NewDisposeScope();
            var slopes = Slopes(Products(unit, first));
            var band = gradient.narrow(0, first, slopes.shape[0]);
            band.addmm_(slopes, unit, 0, 2 * _power); // Both triangles: row i meets j as first and as second.
        }

        // Through the scaling: (g − x⟨x, g⟩)/‖w‖.
        gradient = (gradient - (unit * (unit * gradient).sum(1, keepdim: true))) / norms;
        _steps++;
        _first.mul_(FirstDecay).add_(gradient * (1 - FirstDecay));
        _second.mul_(SecondDecay).addcmul_(gradient, gradient, 1 - SecondDecay);
        var scale = Math.Sqrt(1 - Math.Pow(SecondDecay, _steps));
        _weights.addcdiv_(_first, (_second.sqrt() / scale) + Smallest, -_rate / (1 - Math.Pow(FirstDecay, _steps)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private Tensor Unit(out Tensor norms)
    {
        norms = _weights.norm(1, keepdim: true);
        return _weights / norms;
    }

    /// <summary>A band of XXᵀ with zeros on the diagonal.</summary>
    private static Tensor Products(Tensor unit, long first)
    {
        var rows = Math.Min(BandRows, unit.shape[0] - first);
        var products = unit.narrow(0, first, rows).matmul(unit.t());
        products.diagonal(first).zero_();
        return products;
    }

    /// <summary>sign(G)·|G|^(p−1), by repeated multiplication.</summary>
    private Tensor Slopes(Tensor products)
    {
        var power = _power - 1;
        var factor = products;
        Tensor? result = null;
        for (var bits = power; bits > 0; bits >>= 1)
        {
            if ((bits & 1) == 1)
            {
                result = result is null ? factor.clone() : result.mul_(factor);
            }

            factor = bits > 1 ? factor.square() : factor;
        }

        return power % 2 == 1 ? result! : result!.mul_(products.sign());
    }
}
