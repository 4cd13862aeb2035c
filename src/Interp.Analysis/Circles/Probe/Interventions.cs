using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The formulas of <see cref="InterventionKind"/>.</summary>
internal static class Interventions
{
    /// <summary>Whether an intervention moves x towards a donor or a target, so that it differs from pair to pair.</summary>
    public static bool HasTarget(InterventionKind kind) =>
        kind is not (InterventionKind.AverageAblate or InterventionKind.ZeroCircle or InterventionKind.ZeroAllButCircle);

    /// <summary>The changed activations.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="readout">The probe.</param>
    /// <param name="own">x, float64 [n, d].</param>
    /// <param name="donor">The donor's activations, [n, d].</param>
    /// <param name="target">t, [n, c].</param>
    /// <param name="turn">Rot(δ) of each row as points: the target of label difference α' − α, [n, c]; used by the rotation only.</param>
    /// <param name="randomPlane">V among the principal directions, [r, d].</param>
    /// <param name="outside">V orthogonal to U, [r, d].</param>
    /// <returns>[n, d], in the current dispose scope.</returns>
    public static Tensor Apply(InterventionKind kind, CircleReadout readout, Tensor own, Tensor donor, Tensor target, Turn turn, Tensor randomPlane, Tensor outside)
    {
        using var scope = NewDisposeScope();
        var (mean, directions, plane) = (readout.Mean, readout.Directions, readout.Plane);
        Tensor Within(Tensor difference, Tensor basis) => difference.matmul(basis.t()).matmul(basis);
        Tensor Lifted(Tensor values) => values.matmul(readout.Lift);
        var changed = kind switch
        {
            InterventionKind.PatchCircle => mean + Lifted(target),
            InterventionKind.PatchCircleKeepRest => own + Lifted(target - readout.Read(own)),
            InterventionKind.PatchLayer => donor,
            InterventionKind.PatchPca => own + Within(donor - own, directions),
            InterventionKind.PatchAllButCircle => donor + Lifted(readout.Read(own) - readout.Read(donor)),
            InterventionKind.PatchRandomPlane => own + Within(donor - own, randomPlane),
            InterventionKind.MoveOutsideCircle => own + Lifted(target - readout.Read(own)).matmul(plane.t()).matmul(outside),
            InterventionKind.AverageAblate => mean.expand(own.shape),
            InterventionKind.ZeroCircle => own - Within(own - mean, plane),
            InterventionKind.ZeroAllButCircle => mean + Within(own - mean, plane),
            InterventionKind.RotateCircle => own + Lifted(turn.Apply(readout.Read(own)) - readout.Read(own)),
            _ => mean + Lifted(target) - Legacy(readout, mean),
        };
        return changed.contiguous().alias().MoveToOuterDisposeScope();
    }

    // (mPᵀ)QQᵀP of a mean that is not centred: its part within the readout's plane.
    private static Tensor Legacy(CircleReadout readout, Tensor mean)
    {
        var basis = readout.Plane;
        return mean.unsqueeze(0).matmul(basis.t()).matmul(basis).squeeze(0);
    }
}
