using static TorchSharp.torch;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>The definition in torch operations.</summary>
internal static class ReferenceRowAdam
{
    /// <inheritdoc cref="RowAdamStep.Take"/>
    public static void Take(Tensor weights, Tensor? first, Tensor second, Tensor gradient, AdamSettings settings, RowLength length)
    {
        using var scope = NewDisposeScope();
        if (length == RowLength.Unit)
        {
            _ = gradient.sub_((gradient * weights).sum(1, keepdim: true) * weights);
        }

        _ = second.mul_(settings.Beta2).addcmul_(gradient, gradient, 1 - settings.Beta2);
        var direction = first is null ? gradient : first.mul_(settings.Beta1).add_(gradient, 1 - settings.Beta1);
        _ = weights.addcdiv_(direction, second.sqrt().div_(settings.Correction).add_(settings.Epsilon), -settings.Size);
        if (length == RowLength.Unit)
        {
            _ = weights.div_(weights.norm(1, keepdim: true));
        }
    }
}
