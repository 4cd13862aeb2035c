using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>A shift and a scale for each row: x' = (x − shift)/scale, and back. Tensors belong to the scope of the caller.</summary>
internal readonly record struct RowNormalisation(Tensor? Shift, Tensor Scale)
{
    /// <summary>Outside the root, as SAELens and OpenAI's autoencoders have it.</summary>
    private const double Epsilon = 1e-5;

    /// <summary>Measures rows <c>[…, d_in]</c>.</summary>
    public static RowNormalisation Of(Tensor x, InputNormalisation kind)
    {
        if (kind == InputNormalisation.ConstantNorm)
        {
            return new RowNormalisation(null, x.norm(-1, keepdim: true) / Math.Sqrt(x.shape[^1]));
        }

        var mean = x.mean([-1L], keepdim: true);
        return new RowNormalisation(mean, (x - mean).std(-1, unbiased: true, keepdim: true));
    }

    public Tensor Apply(Tensor x) => Shift is null ? x / Scale : (x - Shift) / (Scale + Epsilon);

    public Tensor Restore(Tensor y) => Shift is null ? y * Scale : (y * Scale) + Shift;
}
