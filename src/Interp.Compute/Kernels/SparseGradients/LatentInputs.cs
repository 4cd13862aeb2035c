using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>What all latents of a batch read.</summary>
internal sealed unsafe class LatentInputs<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor? _sumOfX;

    public LatentInputs(SparseCodes codes, Tensor upstream, Tensor x, Tensor decoder, Tensor thresholds, LatentLoss loss, Tensor? revived)
    {
        Codes = codes;
        Width = (int)x.shape[1];
        Upstream = TensorMemory.Of<T>(upstream);
        X = TensorMemory.Of<T>(x);
        Decoder = TensorMemory.Of<T>(decoder);
        Thresholds = TensorMemory.Of<T>(thresholds);
        Slope = T.CreateChecked(loss.Slope);
        InverseBandwidth = loss.Bandwidth > 0 ? T.CreateChecked(1 / loss.Bandwidth) : T.Zero;
        StepToInput = loss.StepGradientToInput;
        Revival = T.CreateChecked(loss.Revival);
        if (revived is not null && loss.Revival > 0)
        {
            _sumOfX = ColumnSums(x).DetachFromDisposeScope();
            SumOfX = TensorMemory.Of<T>(_sumOfX);
            Revived = TensorMemory.Of<T>(revived);
        }
    }

    public SparseCodes Codes { get; }

    public int Width { get; }

    public T* Upstream { get; }

    public T* X { get; }

    public T* Decoder { get; }

    public T* Thresholds { get; }

    public T Slope { get; }

    public T InverseBandwidth { get; }

    public bool StepToInput { get; }

    private T Revival { get; }

    /// <summary>1 for latents to be revived, else 0; null where there are none.</summary>
    private T* Revived { get; }

    /// <summary>Σ_b x_b; null where no latent is revived.</summary>
    private T* SumOfX { get; }

    /// <summary>The pull on a latent on each row where it is not active; 0 for none.</summary>
    public T RevivalOf(int latent) => Revived is null ? T.Zero : Revival * Revived[latent];

    /// <summary>Starts the encoder's gradient: rows where a latent to be revived is not active pull alike, so all rows here, and the active ones are taken back one by one.</summary>
    public void StartEncoder(T* byEncoder, T revival)
    {
        new Span<T>(byEncoder, Width).Clear();
        if (revival != T.Zero)
        {
            RowArithmetic.AddScaled(byEncoder, SumOfX, -revival, Width);
        }
    }

    public void Dispose() => _sumOfX?.Dispose();

    /// <summary>In blocks of a fixed number of rows, so that the sum does not depend on the number of threads.</summary>
    private static Tensor ColumnSums(Tensor x)
    {
        const int BlockRows = 256;
        var (rows, width) = ((int)x.shape[0], (int)x.shape[1]);
        using var scope = NewDisposeScope();
        var blocks = Blocks.Covering(rows, BlockRows);
        var parts = zeros([blocks, width], x.dtype);
        var (from, to) = ((nint)TensorMemory.Of<T>(x), (nint)TensorMemory.Of<T>(parts));
        Blocks.Run(blocks, Blocks.Workers, (block, _) =>
        {
            for (var row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, rows); row++)
            {
                RowArithmetic.AddScaled((T*)to + ((long)block * width), (T*)from + ((long)row * width), T.One, width);
            }
        });
        return RowSums.Of<T>(parts).MoveToOuterDisposeScope();
    }
}
