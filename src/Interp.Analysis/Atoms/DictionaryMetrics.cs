using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>How well a dictionary reconstructs rows, and how its latents fire on them; rows arrive in batches, sums are float64.</summary>
internal sealed class DictionaryMetrics
{
    private readonly long[] _l0Counts;
    private readonly double[] _firings;
    private double[]? _shift;
    private double[] _shifted = [];
    private double _squares;
    private double _residual;
    private double _l1;
    private double _cosine;
    private double _lengthRatios;
    private long _directed;
    private double _reconstructionSquares;
    private double _products;

    public DictionaryMetrics(long width)
    {
        _l0Counts = new long[width + 1];
        _firings = new double[width];
    }

    /// <summary>The rows seen.</summary>
    public long Rows { get; private set; }

    /// <summary>On how many rows each latent fired.</summary>
    public IReadOnlyList<double> Firings => _firings;

    /// <summary>1 − Σ‖x − x̂‖² / Σ‖x − x̄‖², sums over all rows before the division; NaN where the rows do not vary.</summary>
    public double ExplainedVariance
    {
        get
        {
            var variance = _squares - (_shifted.Sum(value => value * value) / Rows);
            return variance > 0 ? 1 - (_residual / variance) : double.NaN;
        }
    }

    /// <summary>The mean of ‖x − x̂‖².</summary>
    public double MeanSquaredError => _residual / Rows;

    /// <summary>The mean number of active latents.</summary>
    public double L0 => _l0Counts.Select((count, active) => (double)count * active).Sum() / Rows;

    /// <summary>The mean sum of codes.</summary>
    public double L1 => _l1 / Rows;

    /// <summary>The mean cosine of x and x̂, over rows that are not zero.</summary>
    public double Cosine => _cosine / _directed;

    /// <summary>The mean of ‖x̂‖/‖x‖ over rows that are not zero; below 1 is shrinkage.</summary>
    public double LengthRatio => _lengthRatios / _directed;

    /// <summary>E‖x̂‖²/E[x·x̂]; 1 is unbiased.</summary>
    /// <remarks>Source: arXiv 2404.16014, equation 10.</remarks>
    public double RelativeBias => _reconstructionSquares / _products;

    /// <summary>The share of latents that fired at all, 0–1.</summary>
    public double AliveFraction => _firings.Count(count => count > 0) / (double)_firings.Length;

    /// <summary>The share of those that fired at all which fired on one row only, 0–1.</summary>
    public double SingleSampleFraction
    {
        get
        {
            var alive = _firings.Count(count => count > 0);
            return alive == 0 ? double.NaN : _firings.Count(count => count == 1) / (double)alive;
        }
    }

    /// <summary>The least number of active latents that a share q of the rows does not exceed.</summary>
    public int L0Quantile(double q)
    {
        var wanted = q * Rows;
        long seen = 0;
        for (var active = 0; active < _l0Counts.Length; active++)
        {
            seen += _l0Counts[active];
            if (seen >= wanted && seen > 0)
            {
                return active;
            }
        }

        return _l0Counts.Length - 1;
    }

    /// <summary>The share of rows with at most so many active latents, for each number from 0 to the most seen.</summary>
    public double[] L0Shares()
    {
        var shares = new double[Array.FindLastIndex(_l0Counts, count => count > 0) + 1];
        long seen = 0;
        for (var active = 0; active < shares.Length; active++)
        {
            seen += _l0Counts[active];
            shares[active] = (double)seen / Rows;
        }

        return shares;
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="x">Activations <c>[n, d_in]</c>.</param>
    /// <param name="code">Their codes <c>[n, d_sae]</c>.</param>
    /// <param name="reconstruction">What the codes decode to <c>[n, d_in]</c>.</param>
    public void Add(Tensor x, Tensor code, Tensor reconstruction)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float64);
        if (_shift is null)
        {
            _shift = wide.mean([0L]).ToVector();
            _shifted = new double[_shift.Length];
        }

        var moved = wide - tensor(_shift, device: x.device);
        _squares += moved.square().sum().item<double>();
        var sums = moved.sum([0L]).ToVector();
        for (var i = 0; i < sums.Length; i++)
        {
            _shifted[i] += sums[i];
        }

        var back = reconstruction.to(ScalarType.Float64);
        _residual += (wide - back).square().sum().item<double>();
        _cosine += nn.functional.cosine_similarity(wide, back, 1).sum().item<double>();
        var lengths = wide.norm(1);
        _directed += lengths.gt(0).sum().item<long>();
        _lengthRatios += back.norm(1).div(lengths).masked_fill(lengths.eq(0), 0).sum().item<double>();
        _reconstructionSquares += back.square().sum().item<double>();
        _products += (wide * back).sum().item<double>();
        _l1 += code.sum(ScalarType.Float64).item<double>();
        AddFirings(code.gt(0));
        Rows += x.shape[0];
    }

    private void AddFirings(Tensor active)
    {
        var byLatent = active.sum([0L]).data<long>().ToArray();
        for (var i = 0; i < byLatent.Length; i++)
        {
            _firings[i] += byLatent[i];
        }

        foreach (var count in active.sum(1).data<long>().ToArray())
        {
            _l0Counts[count]++;
        }
    }
}
