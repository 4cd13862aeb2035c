using System.Numerics;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>The constants of a step as the kernels use them.</summary>
internal readonly struct AdamNumbers<T>(AdamSettings settings)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly T Beta1 = T.CreateChecked(settings.Beta1);
    public readonly T OtherBeta1 = T.CreateChecked(1 - settings.Beta1);
    public readonly T Beta2 = T.CreateChecked(settings.Beta2);
    public readonly T OtherBeta2 = T.CreateChecked(1 - settings.Beta2);
    public readonly T MinusSize = T.CreateChecked(-settings.Size);
    public readonly T InverseCorrection = T.CreateChecked(1 / settings.Correction);
    public readonly T Epsilon = T.CreateChecked(settings.Epsilon);

    /// <summary>
    /// Below this a second moment is set to nothing: its root is far below ε, and a latent that stays silent would otherwise bring numbers
    /// that processors handle a hundred times more slowly.
    /// </summary>
    public readonly T Nothing = T.CreateChecked(typeof(T) == typeof(double) ? 1e-290 : 1e-30);
}
