using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;

namespace Interp.Analysis.Circles.Indices;

/// <summary>The points whose indices are measured.</summary>
/// <param name="Points">The points <c>[n, d]</c>, d ≥ 2; owned by this input.</param>
/// <param name="Name">What they are, in words.</param>
public sealed record IndicesInput(torch.Tensor Points, string Name) : IDisposable
{
    /// <summary>Reads the tensor that the sources name.</summary>
    /// <exception cref="InterpException">None is named, or it cannot be read.</exception>
    public static IndicesInput Open(AnalysisSources sources, IndicesOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var reference = sources.Tensor ?? throw new InterpException("circles indices needs a point cloud: name a tensor [n, d] as FILE:TENSOR");
        return new IndicesInput(TensorReference.Read(reference), reference);
    }

    /// <inheritdoc/>
    public void Dispose() => Points.Dispose();
}
