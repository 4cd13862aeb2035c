using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>Orthonormal columns, stored whole.</summary>
internal sealed class DenseProjection : RandomProjection
{
    private readonly Tensor _columns;

    private DenseProjection(Tensor columns) => _columns = columns;

    /// <summary>The orthonormal basis of a Gaussian matrix.</summary>
    public static DenseProjection Of(int parameters, int dimension, SplitMix64 random) =>
        new(linalg.qr(Normal(random, parameters, dimension)).Q.DetachFromDisposeScope()) { Parameters = parameters, Dimension = dimension };

    /// <inheritdoc/>
    public override Tensor Apply(Tensor coordinates) => _columns.matmul(coordinates);

    /// <inheritdoc/>
    public override void Dispose() => _columns.Dispose();
}
