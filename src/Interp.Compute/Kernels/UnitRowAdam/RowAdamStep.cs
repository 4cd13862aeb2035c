using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Rows;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>A step of Adam on the rows of a matrix; rows that are directions keep length 1.</summary>
public static class RowAdamStep
{
    /// <summary>Takes one step. For directions, the part of the gradient along the row is taken out first and rounding is removed after.</summary>
    /// <param name="weights"><c>[N, d]</c>, float32 or float64, or bfloat16 or float16, which are stepped in float32 and rounded to the nearest; changed.</param>
    /// <param name="first">m <c>[N, d]</c>, changed; null where β₁ = 0.</param>
    /// <param name="second">v <c>[N, d]</c>, changed; float32 beside reduced weights, since what a step adds is far below a reduced one's last place.</param>
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
        using var scope = NewDisposeScope();
        var choice = KernelChoice.For(backend, weights);
        if (choice == KernelBackend.Gpu)
        {
            GpuRowAdam.Take(weights, first, second, gradient, settings, length);
            return;
        }

        var (w, m, v, g) = (Widening.Of(weights), Widening.OfOptional(first), Widening.Of(second), Widening.Of(gradient));
        switch (choice)
        {
            case KernelBackend.Reference:
                ReferenceRowAdam.Take(w, m, v, g, settings, length);
                break;
            default:
                if (w.dtype == ScalarType.Float64)
                {
                    CpuRowAdam.Take<double>(w, m, v, g, settings, length);
                }
                else
                {
                    CpuRowAdam.Take<float>(w, m, v, g, settings, length);
                }

                break;
        }

        Widening.Back(w, weights);
        Widening.Back(v, second);
        if (m is not null)
        {
            Widening.Back(m, first);
        }
    }
}
