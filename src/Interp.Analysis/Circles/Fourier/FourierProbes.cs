using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Circle probes of the embedding and of the last residual stream, with their null.</summary>
internal sealed class FourierProbes : IDisposable
{
    private readonly FourierBasis _basis;
    private readonly Tensor _embeddingScores;
    private readonly Tensor _residualScores;
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
    public CircleProbe Residual(int frequency)
    {
        var p = _basis.Modulus;
        var ofNumber = Angles(frequency);
        var angles = Enumerable.Range(0, p * p).Select(pair => ofNumber[((pair / p) + (pair % p)) % p]).ToArray();
        return CircleProbe.Fit(_residualScores, angles, HasSine(frequency), _fittedPairs);
    }

    /// <summary>Frees the scores.</summary>
    public void Dispose()
    {
        _embeddingScores.Dispose();
        _residualScores.Dispose();
    }

    private bool HasSine(int frequency) => _basis.RowsOf(frequency).Length == 2;

    private double[] Angles(int frequency) =>
        [.. Enumerable.Range(0, _basis.Modulus).Select(a => 2 * Math.PI * ((long)frequency * a % _basis.Modulus) / _basis.Modulus)];
}
