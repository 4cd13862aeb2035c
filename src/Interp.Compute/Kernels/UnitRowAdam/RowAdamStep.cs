using Interp.Compute.Kernels.Rows;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>A step of Adam on the rows of a matrix; rows that are directions keep length 1.</summary>
public static class RowAdamStep
{
    /// <summary>Takes one step. For directions, the part of the gradient along the row is taken out first and rounding is removed after.</summary>
    /// <param name="weights"><c>[N, d]</c>, float32 or float64; changed.</param>
    /// <param name="first">m <c>[N, d]</c>, changed; null where β₁ = 0.</param>
    /// <param name="second">v <c>[N, d]</c>, changed.</param>
    /// <param name="gradient"><c>[N, d]</c>; used up.</param>
    /// <param name="settings">The step's constants.</param>
    /// <param name="length">Whether rows keep length 1.</param>
    /// <param name="backend">Which version.</param>
    /// <exception cref="ShapeMismatchException">The sizes do not belong together.</exception>
    public static void Take(
        Tensor weights, Tensor? first, Tensor second, Tensor gradient, AdamSettings settings, RowLength length, KernelBackend backend = KernelBackend.Auto)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(settings);
        Shapes.Require("the weights", "[N, d]", weights, weights.shape[0], weights.shape[^1]);
        Shapes.Require("the gradient", "[N, d]", gradient, weights.shape);
        Shapes.Require("the second moments", "[N, d]", second, weights.shape);
        Shapes.Require("the first moments", "[N, d]", first, weights.shape);
        if ((first is null) != (settings.Beta1 == 0))
        {
            throw new ArgumentException($"β₁ is {settings.Beta1}: first moments are needed if and only if it is above 0", nameof(first));
        }

        using var noGradient = no_grad();
        switch (KernelChoice.For(backend, weights))
        {
            case KernelBackend.Reference:
                ReferenceRowAdam.Take(weights, first, second, gradient, settings, length);
                break;
            case KernelBackend.Gpu:
                GpuRowAdam.Take(weights, first, second, gradient, settings, length);
                break;
            default:
                if (weights.dtype == ScalarType.Float64)
                {
                    CpuRowAdam.Take<double>(weights, first, second, gradient, settings, length);
                }
                else
                {
                    CpuRowAdam.Take<float>(weights, first, second, gradient, settings, length);
                }

                break;
        }
    }
}
