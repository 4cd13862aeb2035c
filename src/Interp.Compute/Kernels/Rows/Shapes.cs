using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Rows;

/// <summary>The check of shapes at the entry of kernels.</summary>
internal static class Shapes
{
    /// <summary>Throws unless a tensor has the expected shape.</summary>
    /// <exception cref="ShapeMismatchException">It has another.</exception>
    public static void Require(string what, string meaning, Tensor? tensor, params ReadOnlySpan<long> expected)
    {
        if (tensor is not null && !tensor.shape.AsSpan().SequenceEqual(expected))
        {
            throw new ShapeMismatchException(what, $"{meaning} = [{string.Join(", ", expected.ToArray())}]", tensor.shape);
        }
    }
}
