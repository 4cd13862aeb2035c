using Interp.Compute.Kernels.DictionaryStep;

namespace Interp.Analysis.Atoms.Training;

/// <summary>The constants of the loss at one step.</summary>
/// <param name="Term">The sparsity term.</param>
/// <param name="Coefficient">λ at this step, its warm-up included.</param>
/// <param name="TargetL0">T, for <see cref="SparsityTerm.TargetL0"/>.</param>
/// <param name="Bandwidth">ε of the straight-through window.</param>
/// <param name="StepGradientToInput">Whether the step's pseudo-derivative reaches z.</param>
/// <param name="PreActivationCoefficient">The weight of the loss on dead latents.</param>
internal sealed record JumpReluLoss(
    SparsityTerm Term, double Coefficient, double TargetL0, double Bandwidth, bool StepGradientToInput = false, double PreActivationCoefficient = 0)
{
    /// <summary>The sparsity loss at a mean L0.</summary>
    public double Sparsity(double l0) => Term == SparsityTerm.L0 ? Coefficient * l0 : Coefficient * Square((l0 / TargetL0) - 1);

    /// <summary>Its derivative by the mean L0.</summary>
    public double SparsitySlope(double l0) => Term == SparsityTerm.L0 ? Coefficient : 2 * Coefficient * ((l0 / TargetL0) - 1) / TargetL0;

    /// <summary>The same for the step's kernels.</summary>
    public DictionaryLoss ForStep() => new(Bandwidth, SparsitySlope, StepGradientToInput, PreActivationCoefficient);

    private static double Square(double value) => value * value;
}
