using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>A rotation for each row: every harmonic's point turns by its own multiple of the row's angle.</summary>
/// <param name="targets">The circles.</param>
/// <param name="steps">By how many labels each row turns.</param>
internal sealed class Turn(CircleTargets targets, IReadOnlyList<int> steps)
{
    /// <summary>Turns points.</summary>
    /// <param name="points">[n, c], columns as <see cref="CircleTargets.Of"/>.</param>
    /// <returns>[n, c], in the current dispose scope.</returns>
    public Tensor Apply(Tensor points)
    {
        var columns = new List<Tensor>();
        for (var i = 0; i < targets.Harmonics.Count; i++)
        {
            var (harmonic, start) = (targets.Harmonics[i], targets.Starts[i]);
            var angle = tensor(steps.Select(step => targets.Angle(((step % targets.Period) + targets.Period) % targets.Period, harmonic)).ToArray());
            var x = points.select(1, start);
            if (!targets.HasSine(harmonic))
            {
                // At p/2 a step is a change of sign.
                columns.Add(x * angle.cos());
                continue;
            }

            var y = points.select(1, start + 1);
            columns.Add((x * angle.cos()) - (y * angle.sin()));
            columns.Add((x * angle.sin()) + (y * angle.cos()));
        }

        return stack([.. columns], 1);
    }
}
