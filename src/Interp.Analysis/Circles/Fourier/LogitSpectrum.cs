using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>The logits of all prompts seen as functions of a + b at single frequencies.</summary>
internal static class LogitSpectrum
{
    /// <summary>
    /// Shares of the logits' variance, centred over answers and then over inputs, that cos(2πk(a + b − c)/p) explains.
    /// </summary>
    /// <param name="logits">float64 [p, p, p] over a, b and answer c.</param>
    /// <param name="basis">The basis of p.</param>
    /// <returns>Shares for frequencies 1 … ⌊p/2⌋; the functions are orthogonal, so the shares add.</returns>
    public static double[] VarianceExplained(Tensor logits, FourierBasis basis)
    {
        using var scope = NewDisposeScope();
        var p = basis.Modulus;
        var centred = logits - logits.mean([2], keepdim: true);
        centred = centred - centred.mean([0, 1], keepdim: true);
        var energy = centred.square().sum().ToDouble();

        // Sums over the inputs with one value of (a + b − c) mod p: all that the cosines can see.
        var number = arange(p, dtype: ScalarType.Int64);
        var offset = (number.view(p, 1, 1) + number.view(1, p, 1) - number.view(1, 1, p)).remainder(p).reshape(-1);
        var sums = zeros(p, dtype: ScalarType.Float64).index_add(0, offset, centred.reshape(-1), 1);

        // Not a matrix-vector product, whose last bit depends on where the numbers lie in memory.
        var coefficients = (basis.Rows * sums).sum([1L]).data<double>().ToArray();

        // A basis row r of a + b − c has squared norm p² as a function of (a, b, c).
        return [.. Enumerable.Range(1, basis.FrequencyCount).Select(k => energy > 0 ? Square(coefficients[(2 * k) - 1]) / (Square(p) * energy) : 0)];
    }

    /// <summary>The part of the logits that depends on the inputs as cos and sin of k(a + b) for some frequencies k.</summary>
    /// <param name="logits">float64 [p, p, p] over a, b and answer c.</param>
    /// <param name="basis">The basis of p.</param>
    /// <param name="frequencies">The frequencies.</param>
    /// <returns>[p, p, p], owned by the caller.</returns>
    public static Tensor SumPart(Tensor logits, FourierBasis basis, IEnumerable<int> frequencies)
    {
        using var scope = NewDisposeScope();
        var p = basis.Modulus;
        var inputs = logits.reshape(p * p, -1);
        var directions = frequencies.SelectMany(k => SumDirections(basis, k)).ToArray();
        if (directions.Length == 0)
        {
            return zeros_like(logits).MoveToOuterDisposeScope();
        }

        var rows = stack(directions, 0);
        return rows.t().matmul(rows.matmul(inputs)).reshape(logits.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The unit functions of (a, b) that are cos and sin of k(a + b): (cos⊗cos − sin⊗sin)/√2 and (cos⊗sin + sin⊗cos)/√2, [p²] each.</summary>
    private static IEnumerable<Tensor> SumDirections(FourierBasis basis, int frequency)
    {
        var rows = basis.RowsOf(frequency);
        var cosine = basis.Rows[rows[0]];
        if (rows.Length == 1)
        {
            yield return outer(cosine, cosine).reshape(-1);
            yield break;
        }

        var sine = basis.Rows[rows[1]];
        yield return (outer(cosine, cosine) - outer(sine, sine)).reshape(-1) / Math.Sqrt(2);
        yield return (outer(cosine, sine) + outer(sine, cosine)).reshape(-1) / Math.Sqrt(2);
    }

    private static double Square(double value) => value * value;
}
