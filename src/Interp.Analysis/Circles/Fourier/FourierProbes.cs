using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Circle probes of the embedding and of the last residual stream, with their null.</summary>
internal sealed class FourierProbes : IDisposable
{
    /// <summary>The share of the strongest direction's energy below which a direction holds rounding only.</summary>
    private const double EmptyDirection = 1e-18;

    private readonly FourierBasis _basis;
    private readonly Tensor _embeddingScores;
    private readonly Tensor _residualScores;
    private readonly Tensor _residualMean;
    private readonly Tensor _residualDirections;
    private readonly int[] _fittedPairs;
    private readonly FourierOptions _options;

    /// <summary>Takes the principal scores once.</summary>
    /// <param name="input">The model.</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="components">Principal directions that the probes read.</param>
    /// <param name="options">The null's draws and seed.</param>
    public FourierProbes(FourierInput input, FourierBasis basis, int components, FourierOptions options)
    {
        using var scope = NewDisposeScope();
        _basis = basis;
        _options = options;
        (var scores, EmbeddingShares) = CircleProbe.PrincipalScores(input.Embedding, components);
        _embeddingScores = scores.DetachFromDisposeScope();
        var residual = input.FinalResidual.reshape(basis.Modulus * basis.Modulus, -1);
        _residualScores = CircleProbe.PrincipalScores(residual, components).Scores.DetachFromDisposeScope();

        // The scores' columns are orthogonal, so the directions are the centred rows regressed on them one by one; empty ones are none.
        var mean = residual.mean([0], keepdim: true);
        var sizes = _residualScores.square().sum([0]).unsqueeze(1);
        var directions = _residualScores.t().matmul(residual - mean) / sizes;
        _residualMean = mean.DetachFromDisposeScope();
        _residualDirections = where(sizes > sizes.max() * EmptyDirection, directions, zeros_like(directions)).DetachFromDisposeScope();

        // Where the training pairs are not known, every other pair is fitted.
        _fittedPairs = input.TrainPairs is { } train ? [.. train] : [.. Enumerable.Range(0, basis.Modulus * basis.Modulus).Where(pair => pair % 2 == 0)];
    }

    /// <summary>Shares of the embedding's variance by principal direction.</summary>
    public double[] EmbeddingShares { get; }

    /// <summary>Reads 2πka/p from the embedding, held out one number at a time.</summary>
    public CircleProbe Embedding(int frequency) => CircleProbe.Fit(_embeddingScores, Angles(frequency), HasSine(frequency), fitted: null);

    /// <summary>The 95th percentile of the held-out share when the numbers' labels are shuffled.</summary>
    public double EmbeddingNull(int frequency)
    {
        var random = SplitMix64.ForStream(_options.Seed, $"circles-fourier null {frequency}");
        var angles = Angles(frequency);
        var shares = new double[_options.NullDraws];
        for (var draw = 0; draw < shares.Length; draw++)
        {
            random.Shuffle(angles.AsSpan());
            shares[draw] = CircleProbe.Fit(_embeddingScores, angles, HasSine(frequency), fitted: null).HeldOutR2;
        }

        Array.Sort(shares);
        return shares[(int)Math.Ceiling(0.95 * shares.Length) - 1];
    }

    /// <summary>Reads 2πk(a + b)/p from the last residual stream, fitted on the training pairs and held out on the others.</summary>
    public CircleProbe Residual(int frequency) =>
        CircleProbe.Fit(_residualScores, SumAngles(frequency), HasSine(frequency), _fittedPairs);

    /// <summary>The last residual streams of all pairs on the plane that reads 2πk(a + b)/p; null at the Nyquist frequency.</summary>
    public PlaneCloud? ResidualCloud(int frequency)
    {
        if (!HasSine(frequency))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var (plane, _) = linalg.qr(ReadOut(frequency));
        return PlaneCloud.FromTensor(_residualScores.matmul(plane), $"the plane of frequency {frequency}");
    }

    /// <summary>
    /// Last residual streams made of nothing but the mean and, for each frequency, the point of the answer on its circle: with
    /// the readout A = QR, the answer's target t enters as t·R⁻¹Qᵀ.
    /// </summary>
    /// <returns>[p, d], in the current dispose scope.</returns>
    public Tensor SyntheticResiduals(IEnumerable<int> frequencies)
    {
        using var scope = NewDisposeScope();
        var scores = zeros(_basis.Modulus, _residualScores.shape[1], dtype: ScalarType.Float64);
        foreach (var frequency in frequencies)
        {
            var angle = tensor(Angles(frequency));
            var targets = HasSine(frequency) ? stack([angle.cos(), angle.sin()], 1) : angle.cos().unsqueeze(1);
            scores = scores + targets.matmul(linalg.pinv(ReadOut(frequency)));
        }

        return (_residualMean + scores.matmul(_residualDirections)).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the scores.</summary>
    public void Dispose()
    {
        _embeddingScores.Dispose();
        _residualScores.Dispose();
        _residualMean.Dispose();
        _residualDirections.Dispose();
    }

    private Tensor ReadOut(int frequency) => CircleProbe.ReadOut(_residualScores, SumAngles(frequency), HasSine(frequency));

    private double[] SumAngles(int frequency)
    {
        var p = _basis.Modulus;
        var ofNumber = Angles(frequency);
        return [.. Enumerable.Range(0, p * p).Select(pair => ofNumber[((pair / p) + (pair % p)) % p])];
    }

    private bool HasSine(int frequency) => _basis.RowsOf(frequency).Length == 2;

    private double[] Angles(int frequency) =>
        [.. Enumerable.Range(0, _basis.Modulus).Select(a => 2 * Math.PI * ((long)frequency * a % _basis.Modulus) / _basis.Modulus)];
}
