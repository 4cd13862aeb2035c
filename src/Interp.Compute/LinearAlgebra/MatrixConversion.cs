using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.LinearAlgebra;

/// <summary>Carries small float64 matrices between plain arrays and tensors.</summary>
public static class MatrixConversion
{
    /// <summary>Copies a matrix into a tensor.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="device">Where the tensor goes; the CPU by default.</param>
    /// <returns>A float64 tensor <c>[rows, columns]</c> that the caller owns.</returns>
    public static Tensor ToTensor(this double[,] matrix, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return tensor(matrix, dtype: ScalarType.Float64, device: device);
    }

    /// <summary>Copies a tensor out as a float64 matrix.</summary>
    /// <param name="tensor">A real tensor <c>[rows, columns]</c> of any dtype and device.</param>
    /// <param name="what">The tensor in the user's terms, for the error.</param>
    /// <exception cref="ShapeMismatchException">It does not have two axes.</exception>
    public static double[,] ToMatrix(this Tensor tensor, string what = "the matrix")
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dim() != 2)
        {
            throw new ShapeMismatchException(what, "[rows, columns]", tensor.shape);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var flat = tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var matrix = new double[tensor.shape[0], tensor.shape[1]];
        flat.CopyTo(Span(matrix));
        return matrix;
    }

    /// <summary>Copies a tensor out as a float64 vector, axes in row-major order.</summary>
    /// <param name="tensor">A real tensor of any shape, dtype and device.</param>
    public static double[] ToVector(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>The elements of a matrix in row-major order, without a copy.</summary>
    public static Span<double> Span(double[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Length == 0 ? [] : MemoryMarshal.CreateSpan(ref matrix[0, 0], matrix.Length);
    }

    /// <summary>One column of a matrix, copied.</summary>
    public static double[] Column(this double[,] matrix, int column)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var values = new double[matrix.GetLength(0)];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = matrix[row, column];
        }

        return values;
    }
}
