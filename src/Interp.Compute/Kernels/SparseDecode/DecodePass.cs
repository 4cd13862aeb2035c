using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>A way through the codes of a batch: blocks of work that threads take, each with sums of its own.</summary>
/// <param name="codes">The codes.</param>
/// <param name="decoder">[latents, width].</param>
/// <param name="bias">[width].</param>
/// <param name="target">[rows, width], or null for 0.</param>
/// <param name="scale">The factor of the residual.</param>
/// <param name="residual">Receives the scaled residual, [rows, width].</param>
internal abstract unsafe class DecodePass<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T _scale = T.CreateChecked(scale);

    /// <summary>The blocks of work.</summary>
    public abstract int Blocks { get; }

    /// <summary>Rows of <see cref="Sums"/> that the blocks need.</summary>
    public abstract int SumRows { get; }

    /// <summary>Receives the residual summed over rows, [<see cref="SumRows"/>, width]; zero before.</summary>
    public T* Sums { get; set; }

    protected SparseCodes Codes { get; } = codes;

    protected T* Decoder { get; } = TensorMemory.Of<T>(decoder);

    protected T* Bias { get; } = TensorMemory.Of<T>(bias);

    protected T* Target { get; } = target is null ? null : TensorMemory.Of<T>(target);

    protected T* Residual { get; } = TensorMemory.Of<T>(residual);

    protected int Width { get; } = (int)bias.numel();

    /// <summary>Does one block.</summary>
    /// <returns>Its squared errors.</returns>
    public abstract double Block(int block);

    /// <summary>Subtracts the target from decoded values in place, scales them, and adds them to a sum.</summary>
    /// <returns>Their squares before the scaling.</returns>
    protected double Finish(T* values, T* target, T* sum, int count)
    {
        if (target is not null)
        {
            RowArithmetic.AddScaled(values, target, -T.One, count);
        }

        var squares = double.CreateChecked(RowArithmetic.Dot(values, values, count));
        RowArithmetic.Scale(values, _scale, count);
        RowArithmetic.AddScaled(sum, values, T.One, count);
        return squares;
    }
}
