using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>A matrix product with its bias, as one operation of torch's.</summary>
internal static class Dense
{
    /// <summary>input·matrix + bias.</summary>
    /// <param name="input">[…, in].</param>
    /// <param name="matrix">[in, out], of any strides.</param>
    /// <param name="bias">[out], or null.</param>
    /// <returns>[…, out], in the present dispose scope.</returns>
    public static Tensor Apply(Tensor input, Tensor matrix, Tensor? bias)
    {
        if (bias is null)
        {
            return input.matmul(matrix);
        }

        using var transposed = matrix.t();
        return nn.functional.linear(input, transposed, bias);
    }
}
