using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>
/// Blocks V = H G Π H B /(‖G‖ √m) of width m, the power of two from d up: H the Hadamard matrix, G Gaussian, Π a permutation, B signs. The
/// rows and columns of a block have unit length; blocks stand above each other until there are D rows, scaled by √(m/D).
/// </summary>
internal sealed class FastfoodProjection : RandomProjection
{
    private readonly Tensor _signs;     // B [blocks, m]
    private readonly Tensor _order;     // Π [blocks, m]
    private readonly Tensor _gaussian;  // G, scaled, [blocks, m]

    private FastfoodProjection(Tensor signs, Tensor order, Tensor gaussian) => (_signs, _order, _gaussian) = (signs, order, gaussian);

    /// <summary>Draws the blocks.</summary>
    public static FastfoodProjection Of(int parameters, int dimension, SplitMix64 random)
    {
        var width = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)dimension);
        var blocks = (parameters + width - 1) / width;
        var signs = new float[(long)blocks * width];
        foreach (ref var sign in signs.AsSpan())
        {
            sign = Sign(random);
        }

        long[] order = [.. Enumerable.Range(0, blocks).SelectMany(_ => random.Permutation(width)).Select(place => (long)place)];
        var gaussian = Normal(random, blocks, width);
        var scaled = gaussian / gaussian.norm(1, keepdim: true) / Math.Sqrt(width) * Math.Sqrt(width / (double)parameters);
        return new FastfoodProjection(tensor(signs, blocks, width).DetachFromDisposeScope(), tensor(order, blocks, width).DetachFromDisposeScope(), scaled.DetachFromDisposeScope())
        {
            Parameters = parameters,
            Dimension = dimension,
        };
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var width = _signs.shape[1];
        var padded = width == Dimension ? coordinates : nn.functional.pad(coordinates, [0, width - Dimension]);
        var mixed = Hadamard(padded * _signs).gather(1, _order) * _gaussian;
        return Hadamard(mixed).flatten().narrow(0, 0, Parameters).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _signs.Dispose();
        _order.Dispose();
        _gaussian.Dispose();
    }

    /// <summary>The unnormalised Hadamard transform of each row, in m log m additions.</summary>
    internal static Tensor Hadamard(Tensor rows)
    {
        var (count, width) = (rows.shape[0], rows.shape[1]);
        for (var half = 1L; half < width; half *= 2)
        {
            var pairs = rows.reshape(count, width / (2 * half), 2, half);
            var (first, second) = (pairs.select(2, 0), pairs.select(2, 1));
            rows = stack([first + second, first - second], 2).reshape(count, width);
        }

        return rows;
    }
}
