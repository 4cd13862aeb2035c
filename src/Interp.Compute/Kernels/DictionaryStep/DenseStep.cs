using Interp.Compute.Kernels.UnitRowAdam;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>A step by products of whole matrices, then the optimiser's kernel row by row.</summary>
internal static class DenseStep
{
    /// <inheritdoc cref="DictionaryTrainingStep.Take"/>
    public static DictionaryStepResult Take(
        DictionaryWeights weights, DictionaryWeights? first, DictionaryWeights second, Tensor x, DictionaryLoss loss, AdamSettings adam, Tensor? revived)
    {
        using var scope = NewDisposeScope();
        using var gradients = DenseGradients.Compute(weights, x, loss, revived);
        RowAdamStep.Take(weights.Encoder, first?.Encoder, second.Encoder, gradients.Latents.Encoder, adam, RowLength.Free);
        RowAdamStep.Take(weights.Decoder, first?.Decoder, second.Decoder, gradients.Latents.Decoder, adam, RowLength.Unit);
        Vector(weights.EncoderBias, first?.EncoderBias, second.EncoderBias, gradients.Latents.EncoderBias, adam);
        Vector(weights.DecoderBias, first?.DecoderBias, second.DecoderBias, gradients.DecoderBias, adam);
        Vector(weights.Thresholds, first?.Thresholds, second.Thresholds, gradients.Latents.Thresholds, adam);
        _ = weights.Thresholds.clamp_min_(0);
        return new DictionaryStepResult(gradients.Reconstruction, gradients.L0, gradients.Latents.Firings.clone().DetachFromDisposeScope(), StepPath.Dense);
    }

    /// <summary>A step of a vector.</summary>
    public static void Vector(Tensor weights, Tensor? first, Tensor second, Tensor gradient, AdamSettings adam)
    {
        using var scope = NewDisposeScope();
        RowAdamStep.Take(weights.view(1, -1), first?.view(1, -1), second.view(1, -1), gradient.view(1, -1), adam, RowLength.Free);
    }
}
