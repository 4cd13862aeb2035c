using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>
/// A random linear map P from d coordinates to D parameters, its columns of unit length or, for <see cref="ProjectionKind.Fastfood"/>,
/// of unit mean square length. Sources: Li et al., arXiv 1804.08838, section S7 (dense, sparse); Le, Sarlós and Smola, ICML 2013 (Fastfood).
/// </summary>
internal abstract class RandomProjection : IDisposable
{
    /// <summary>A dense map holds at most this many numbers (2 GiB in float32).</summary>
    private const long DenseLimit = 1L << 29;

    /// <summary>The coordinates d.</summary>
    public required int Dimension { get; init; }

    /// <summary>The parameters D.</summary>
    public required int Parameters { get; init; }

    /// <summary>Draws a map.</summary>
    /// <param name="kind">How.</param>
    /// <param name="parameters">D.</param>
    /// <param name="dimension">d, at most D.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The map, owned by the caller.</returns>
    /// <exception cref="InterpException">A dense map of this size does not fit.</exception>
    public static RandomProjection Draw(ProjectionKind kind, int parameters, int dimension, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, parameters);
        var random = SplitMix64.ForStream(seed, $"{kind} projection of {dimension}");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return kind switch
        {
            ProjectionKind.Sparse => SparseProjection.Of(parameters, dimension, random),
            ProjectionKind.Dense when (long)parameters * dimension > DenseLimit => throw new InterpException(
                $"a dense projection of {dimension} coordinates to {parameters} parameters needs {(long)parameters * dimension * 4 >> 20} MiB: use the projection fastfood"),
            ProjectionKind.Dense => DenseProjection.Of(parameters, dimension, random),
            _ => FastfoodProjection.Of(parameters, dimension, random),
        };
    }

    /// <summary>P x, with its graph where one is recorded.</summary>
    /// <param name="coordinates"><c>[d]</c>, float32.</param>
    /// <returns><c>[D]</c>, in the present dispose scope.</returns>
    public abstract Tensor Apply(Tensor coordinates);

    /// <summary>Pᵀ y.</summary>
    /// <param name="parameters"><c>[D]</c>, float32.</param>
    /// <returns><c>[d]</c>, in the present dispose scope.</returns>
    public Tensor ApplyTransposed(Tensor parameters)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var coordinates = zeros(Dimension, requires_grad: true);
        return autograd.grad([(Apply(coordinates) * parameters.detach()).sum()], [coordinates])[0].detach().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Normal numbers of mean 0 and variance 1.</summary>
    protected static Tensor Normal(SplitMix64 random, params long[] shape)
    {
        var numbers = new float[shape.Aggregate(1L, (size, length) => size * length)];
        foreach (ref var number in numbers.AsSpan())
        {
            number = (float)random.NextNormal();
        }

        return tensor(numbers).reshape(shape);
    }

    /// <summary>Random signs.</summary>
    protected static float Sign(SplitMix64 random) => (random.NextUInt64() & 1) == 0 ? 1 : -1;
}
