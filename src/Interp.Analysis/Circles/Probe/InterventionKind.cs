namespace Interp.Analysis.Circles.Probe;

/// <summary>What is put in the place of an activation x, with the readout ŷ(x) = (x − m)PᵀA, A = QR, U = QᵀP and the target t.</summary>
public enum InterventionKind
{
    /// <summary>m + tR⁻¹QᵀP: the circle at its target, all else at its mean (arXiv 2405.14860).</summary>
    PatchCircle,

    /// <summary>x + (t − ŷ(x))R⁻¹QᵀP: only the plane moves.</summary>
    PatchCircleKeepRest,

    /// <summary>The donor's own activation: the upper reference.</summary>
    PatchLayer,

    /// <summary>x + (x_donor − x)PᵀP: the donor's first principal scores.</summary>
    PatchPca,

    /// <summary>The donor's activation with x's own circle: everything but the plane moves.</summary>
    PatchAllButCircle,

    /// <summary>x + (x_donor − x)VᵀV for a random plane V among the principal directions, as large as U. Where U fills most of them V shares most of U: read it beside <see cref="MoveOutsideCircle"/>.</summary>
    PatchRandomPlane,

    /// <summary>x + (t − ŷ(x))R⁻¹QᵀP·UᵀV: the very move of <see cref="PatchCircleKeepRest"/>, of the same length, but in a random plane V that is orthogonal to U; the control.</summary>
    MoveOutsideCircle,

    /// <summary>m: the lower reference.</summary>
    AverageAblate,

    /// <summary>x − (x − m)UᵀU: the circle at its mean; is it necessary?</summary>
    ZeroCircle,

    /// <summary>m + (x − m)UᵀU: all but the circle at its mean; is it sufficient?</summary>
    ZeroAllButCircle,

    /// <summary>x + (ŷ(x)·Rot(δ) − ŷ(x))R⁻¹QᵀP with δ from the label to its target: the circle turned.</summary>
    RotateCircle,

    /// <summary>m + tR⁻¹QᵀP − (mPᵀ)QQᵀP: the published code's formula, which subtracts a mean that was never added; for comparison only.</summary>
    PatchCircleLegacy,
}
