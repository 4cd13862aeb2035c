using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>One head's W = L Rᵀ between keys and values: R <c>[d, r]</c> reads, L <c>[d, r]</c> writes.</summary>
/// <param name="Read">R.</param>
/// <param name="Write">L.</param>
internal sealed record HeadFactors(Tensor Read, Tensor Write)
{
    /// <summary>The thin singular value decomposition: W = P diag(σ) Qᵀ, P and Q <c>[d, r]</c>; in the present dispose scope.</summary>
    public (Tensor Left, Tensor Values, Tensor Right) Decompose()
    {
        var (writeBasis, writeCore) = linalg.qr(Write);
        var (readBasis, readCore) = linalg.qr(Read);
        var (left, values, rightTransposed) = linalg.svd(writeCore.matmul(readCore.t()), fullMatrices: false);
        return (writeBasis.matmul(left), values, readBasis.matmul(rightTransposed.t()));
    }
}
