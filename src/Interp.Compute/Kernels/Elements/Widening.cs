using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Elements;

/// <summary>Float16 and bfloat16 tensors for versions that take float32: sums are taken in float32, and what was changed is rounded back.</summary>
internal static class Widening
{
    /// <summary>A reduced tensor as float32, another as it is; in the present dispose scope.</summary>
    public static Tensor Of(Tensor tensor) => ElementTypes.IsReduced(tensor.dtype) ? tensor.to(ScalarType.Float32) : tensor;

    /// <inheritdoc cref="Of"/>
    public static Tensor? OfOptional(Tensor? tensor) => tensor is null ? null : Of(tensor);

    /// <summary>Rounds what <see cref="Of"/> gave, and a kernel changed, into the tensor that it was made of.</summary>
    public static void Back(Tensor widened, Tensor? tensor)
    {
        if (tensor is not null && ElementTypes.IsReduced(tensor.dtype))
        {
            _ = tensor.copy_(widened);
        }
    }
}
