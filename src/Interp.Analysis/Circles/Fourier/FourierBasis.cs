using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>
/// The orthonormal real Fourier basis of the numbers modulo p: row 0 is constant, rows 2k − 1 and 2k are cos(2πka/p) and
/// sin(2πka/p). For even p the last row is the Nyquist cosine, which has no sine.
/// </summary>
internal sealed class FourierBasis : IDisposable
{
    /// <summary>Builds the basis.</summary>
    public FourierBasis(int modulus)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
        Modulus = modulus;
        var rows = new double[modulus, modulus];
        for (var a = 0; a < modulus; a++)
        {
            rows[0, a] = Math.Sqrt(1.0 / modulus);
            for (var k = 1; k <= FrequencyCount; k++)
            {
                // The angle is reduced in whole numbers first, so that large ones lose no digits.
                var (sine, cosine) = Math.SinCos(2 * Math.PI * (k * a % modulus) / modulus);
                if (IsNyquist(k))
                {
                    rows[(2 * k) - 1, a] = Math.Sqrt(1.0 / modulus) * Math.Round(cosine);
                    continue;
                }

                rows[(2 * k) - 1, a] = Math.Sqrt(2.0 / modulus) * cosine;
                rows[2 * k, a] = Math.Sqrt(2.0 / modulus) * sine;
            }
        }

        Rows = tensor(rows).DetachFromDisposeScope();
    }

    /// <summary>p.</summary>
    public int Modulus { get; }

    /// <summary>The highest frequency, ⌊p/2⌋.</summary>
    public int FrequencyCount => Modulus / 2;

    /// <summary>The basis, float64 [p, p], one function a row.</summary>
    public Tensor Rows { get; }

    /// <summary>The rows of a frequency: cosine and sine, or the Nyquist cosine alone.</summary>
    public long[] RowsOf(int frequency) => IsNyquist(frequency) ? [(2 * frequency) - 1] : [(2 * frequency) - 1, 2 * frequency];

    /// <summary>The frequency in 0 … ⌊p/2⌋ that a multiple of one aliases to.</summary>
    public int Fold(int frequency)
    {
        var reduced = frequency % Modulus;
        return Math.Min(reduced, Modulus - reduced);
    }

    /// <summary>Transforms the first axis.</summary>
    /// <param name="values">float64 [p, …].</param>
    /// <returns>[p, …], coefficients by row of the basis; in the current dispose scope.</returns>
    public Tensor Transform(Tensor values) => Rows.matmul(values.reshape(Modulus, -1)).reshape(values.shape);

    /// <summary>Transforms the first two axes.</summary>
    /// <param name="values">float64 [p, p, …].</param>
    /// <returns>[p, p, …]; in the current dispose scope.</returns>
    public Tensor Transform2(Tensor values) => Transform(Transform(values).transpose(0, 1)).transpose(0, 1);

    /// <summary>The part of the first axis that lies in some frequencies.</summary>
    /// <param name="values">float64 [p, …].</param>
    /// <param name="frequencies">The frequencies to keep; the constant is not kept.</param>
    /// <returns>[p, …]; in the current dispose scope.</returns>
    public Tensor Project(Tensor values, IEnumerable<int> frequencies)
    {
        var rows = Rows.index_select(0, tensor(frequencies.SelectMany(RowsOf).ToArray(), dtype: ScalarType.Int64));
        return rows.t().matmul(rows.matmul(values.reshape(Modulus, -1))).reshape(values.shape);
    }

    /// <summary>Frees the rows.</summary>
    public void Dispose() => Rows.Dispose();

    private bool IsNyquist(int frequency) => 2 * frequency == Modulus;
}
