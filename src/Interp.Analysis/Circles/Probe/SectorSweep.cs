using Interp.Analysis.Circles.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The off-circle sweep of arXiv 2405.14860, section 5: 20 radii by 100 angles.</summary>
internal static class SectorSweep
{
    private const int RadiusCount = 20;
    private const int AngleCount = 100;
    private const int UnitRadius = 10;
    private const double SmallestRadius = 0.5;

    /// <summary>Sweeps one prompt's circle with all else at its mean.</summary>
    /// <param name="runner">The model and its task.</param>
    /// <param name="probe">A probe of α at the layer.</param>
    /// <param name="targets">Its circles: at θ the point of harmonic j is r·(cos jθ, sin jθ), so that at a label's angle all are the label's.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="beta">The number counted.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static SectorMap? Run(TaskRunner runner, CircleReadout probe, CircleTargets targets, int layer, int beta, CancellationToken cancellation)
    {
        var task = runner.Task;
        var p = task.Period;
        var problem = task.Problems.FirstOrDefault(problem => problem.Alpha == 0 && problem.Beta == beta % p);
        if (problem is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double[] radii = [.. Enumerable.Range(0, RadiusCount).Select(i => (double)i / UnitRadius)];
        double[] angles = [.. Enumerable.Range(0, AngleCount).Select(i => 2 * Math.PI * i / AngleCount)];
        var points = new double[RadiusCount * AngleCount, targets.Starts[^1]];
        for (var i = 0; i < points.GetLength(0); i++)
        {
            for (var h = 0; h < targets.Harmonics.Count; h++)
            {
                var (sine, cosine) = Math.SinCos(targets.Harmonics[h] * angles[i % AngleCount]);
                points[i, targets.Starts[h]] = radii[i / AngleCount] * cosine;
                if (targets.HasSine(targets.Harmonics[h]))
                {
                    points[i, targets.Starts[h] + 1] = radii[i / AngleCount] * sine;
                }
            }
        }

        var values = probe.Mean + tensor(points).matmul(probe.Lift);
        var logits = runner.Logits([.. Enumerable.Repeat(problem, points.GetLength(0))], new TaskReplacement(layer, TaskPosition.Alpha, values), cancellation);
        var (best, answers) = logits.topk(2, 1);
        var gaps = (best.select(1, 0) - best.select(1, 1)).data<double>().ToArray();
        var labels = Array.ConvertAll(answers.select(1, 0).data<long>().ToArray(), label => (int)label);
        T[][] Rows<T>(T[] flat) => [.. flat.Chunk(AngleCount)];
        var outer = Enumerable.Range(0, labels.Length).Where(i => radii[i / AngleCount] >= SmallestRadius).ToArray();
        return new SectorMap
        {
            Layer = layer,
            Alpha = problem.Alpha,
            Beta = beta,
            Radii = radii,
            Angles = angles,
            Answers = Rows(labels),
            Gaps = Rows(gaps),
            NearestRuleAgreement = outer.Average(i => labels[i] == ((int)Math.Round(p * angles[i % AngleCount] / (2 * Math.PI)) + beta) % p ? 1.0 : 0),
            GapAtCentre = gaps[0],
            GapOnCircle = gaps.Skip(UnitRadius * AngleCount).Take(AngleCount).Average(),
        };
    }
}
