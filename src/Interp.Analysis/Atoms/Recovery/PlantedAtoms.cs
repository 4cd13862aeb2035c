using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Recovery;

/// <summary>Known directions, and rows that are sparse non-negative sums of them.</summary>
internal static class PlantedAtoms
{
    /// <summary>The width at which bases of a known coherence are built.</summary>
    public const int UnbiasedWidth = 64;

    /// <summary>The directions.</summary>
    /// <returns><c>[atoms, width]</c> of unit length, float64, in the caller's scope.</returns>
    public static Tensor Directions(RecoveryOptions options)
    {
        if (options.Directions == PlantedDirections.Unbiased)
        {
            return UnbiasedBases(options.Atoms);
        }

        var random = SplitMix64.ForStream(options.Seed, "planted directions");
        var values = new double[(long)options.Atoms * options.Width];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextNormal();
        }

        var rows = tensor(values, options.Atoms, options.Width);
        return rows.div_(rows.norm(1, keepdim: true));
    }

    /// <summary>Codes with exactly so many active atoms, sizes uniform between least and greatest.</summary>
    /// <returns><c>[rows, atoms]</c> float64, in the caller's scope.</returns>
    public static Tensor Codes(int rows, int active, RecoveryOptions options, string purpose)
    {
        var random = SplitMix64.ForStream(options.Seed, purpose);
        var codes = new double[(long)rows * options.Atoms];
        for (var row = 0; row < rows; row++)
        {
            for (var placed = 0; placed < active;)
            {
                ref var code = ref codes[((long)row * options.Atoms) + random.NextInt(options.Atoms)];
                if (code == 0)
                {
                    code = options.Least + ((options.Greatest - options.Least) * random.NextDouble());
                    placed++;
                }
            }
        }

        return tensor(codes, rows, options.Atoms);
    }

    /// <summary>Rows Σ δ_i d_i with Gaussian noise of a standard deviation a coordinate.</summary>
    public static Tensor Rows(Tensor codes, Tensor directions, double noise, long seed, string purpose)
    {
        var rows = codes.matmul(directions);
        if (noise <= 0)
        {
            return rows;
        }

        var random = SplitMix64.ForStream(seed, purpose);
        var values = new double[rows.numel()];
        foreach (ref var value in values.AsSpan())
        {
            value = noise * random.NextNormal();
        }

        return rows.add_(tensor(values, rows.shape));
    }

    /// <summary>
    /// Up to four orthonormal bases of 64 dimensions, any two vectors of different ones at |cosine| 1/8: the axes, the Walsh functions, and
    /// these times the signs of two bent functions whose sum is bent too. Together they are a tight frame, so the atomic inner product is the
    /// Euclidean one.
    /// </summary>
    private static Tensor UnbiasedBases(int count)
    {
        const int Width = UnbiasedWidth;
        var rows = new double[4 * Width, Width];
        for (var i = 0; i < Width; i++)
        {
            rows[i, i] = 1;
            for (var x = 0; x < Width; x++)
            {
                var walsh = Parity(i & x);
                rows[Width + i, x] = Sign(walsh) / 8;
                rows[(2 * Width) + i, x] = Sign(walsh + Parity((x >> 3) & x & 7)) / 8;
                rows[(3 * Width) + i, x] = Sign(walsh + Parity(TimesT(x >> 3) & x & 7)) / 8;
            }
        }

        return rows.ToTensor().narrow(0, 0, count).contiguous();
    }

    /// <summary>Multiplication by t in the field of eight elements, t³ = t + 1; it and it plus one are invertible.</summary>
    private static int TimesT(int element) => ((element << 1) & 7) ^ ((element & 4) != 0 ? 3 : 0);

    private static int Parity(int bits) => System.Numerics.BitOperations.PopCount((uint)bits) & 1;

    private static double Sign(int parity) => parity % 2 == 0 ? 1 : -1;
}
