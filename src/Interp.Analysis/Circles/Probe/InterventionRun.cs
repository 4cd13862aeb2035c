using Interp.Analysis.Circles.Tasks;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Runs every intervention at one layer.</summary>
internal sealed class InterventionRun(TaskRunner runner, TaskStates states, CircleTargets targets, ProbeOptions options, int components)
{
    private readonly CyclicTask _task = runner.Task;
    private readonly InterventionPairs _pairs = new(runner.Task, options.Site, options.Pairs, options.Seed);
    private readonly TaskPosition _position = options.Site == InterventionSite.Alpha ? TaskPosition.Alpha : TaskPosition.Last;

    /// <summary>How many pairs there are.</summary>
    public int Pairs => _pairs.Count;

    /// <summary>The probe of a layer, fitted on all prompts; owned by the caller.</summary>
    public CircleReadout Probe(int layer)
    {
        using var scope = NewDisposeScope();
        return CircleReadout.Fit(states.At(_position)[layer], targets.Of(Labels()), components);
    }

    /// <summary>Interventions at a layer.</summary>
    public IReadOnlyList<InterventionMeasure> Run(int layer, InterventionKind[] kinds, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var probe = Probe(layer);
        var measures = new List<InterventionMeasure>(kinds.Length);

        // Where circles fill more than half of the stream, none of their size is left beside them.
        var isRoomOutside = 2 * probe.Plane.shape[0] <= probe.Plane.shape[1];
        foreach (var kind in kinds.Where(kind => kind != InterventionKind.MoveOutsideCircle || isRoomOutside))
        {
            measures.Add(Run(layer, kind, probe, cancellation));
            progress?.Report(new StepProgress($"intervene at layer {layer}", measures.Count, kinds.Length, "interventions"));
        }

        return measures;
    }

    /// <summary>The label of every problem at the site.</summary>
    private int[] Labels() => [.. _task.Problems.Select(problem => options.Site == InterventionSite.Alpha ? problem.Alpha : _task.Answer(problem))];

    private InterventionMeasure Run(int layer, InterventionKind kind, CircleReadout probe, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var stream = states.At(_position)[layer];
        Tensor logits;
        if (Interventions.HasTarget(kind))
        {
            var (own, donor) = (Index(_pairs.Own), Index(_pairs.Donor));
            var turn = new Turn(targets, [.. _pairs.To.Zip(_pairs.From, (to, from) => to - from)]);
            var values = Interventions.Apply(
                kind, probe, stream.index_select(0, own), stream.index_select(0, donor), targets.Of(_pairs.To), turn, RandomPlane(probe, layer), Outside(probe, layer));
            logits = runner.Logits([.. _pairs.Own.Select(index => _task.Problems[index])], new TaskReplacement(layer, _position, values), cancellation);
        }
        else
        {
            // Without a target every pair of a problem has the same run.
            var values = Interventions.Apply(kind, probe, stream, stream, targets.Of(Labels()), new Turn(targets, Labels()), probe.Plane, probe.Plane);
            logits = runner.Logits(_task.Problems, new TaskReplacement(layer, _position, values), cancellation).index_select(0, Index(_pairs.Own));
        }

        return Measure(layer, kind, logits);
    }

    private InterventionMeasure Measure(int layer, InterventionKind kind, Tensor logits)
    {
        var (original, intended) = (Index(_pairs.Original), Index(_pairs.Intended));
        Tensor At(Tensor answers) => logits.gather(1, answers.unsqueeze(1)).squeeze(1);
        var difference = (At(original) - At(intended)).data<double>().ToArray();
        var answer = logits.argmax(1);
        var donor = states.Logits.index_select(0, Index(_pairs.Donor)).log_softmax(1);
        var divergence = (donor.exp() * (donor - logits.log_softmax(1))).sum([1]).mean().ToDouble();
        var mean = difference.Average();
        var half = difference.Length < 2 ? double.NaN
            : StudentT.Quantile((1 + options.Confidence) / 2, difference.Length - 1)
                * Math.Sqrt(difference.Sum(value => (value - mean) * (value - mean)) / (difference.Length - 1.0) / difference.Length);
        double Rate(Tensor wanted) => answer.eq(wanted).to_type(ScalarType.Float64).mean().ToDouble();
        return new InterventionMeasure
        {
            Layer = layer,
            Kind = kind,
            Harmonics = [.. targets.Harmonics],
            Pairs = _pairs.Count,
            FlipRate = Rate(intended),
            KeepRate = Rate(original),
            MeanLogitDifference = mean,
            LogitDifferenceLow = mean - half,
            LogitDifferenceHigh = mean + half,
            DivergenceFromDonorNats = divergence,
        };
    }

    /// <summary>A random plane among the principal directions, as large as the probe's.</summary>
    private Tensor RandomPlane(CircleReadout probe, int layer)
    {
        var random = SplitMix64.ForStream(options.Seed, $"random plane {layer}");
        var (size, rows) = ((int)probe.Plane.shape[0], (int)probe.Directions.shape[0]);
        var draws = tensor(Enumerable.Range(0, rows * size).Select(_ => random.NextNormal()).ToArray(), rows, size);
        var (plane, _) = linalg.qr(draws);
        return plane.t().matmul(probe.Directions);
    }

    /// <summary>A random plane orthogonal to the probe's, as large.</summary>
    private Tensor Outside(CircleReadout probe, int layer)
    {
        var random = SplitMix64.ForStream(options.Seed, $"plane outside {layer}");
        var (size, width) = ((int)probe.Plane.shape[0], (int)probe.Plane.shape[1]);
        var draws = tensor(Enumerable.Range(0, width * size).Select(_ => random.NextNormal()).ToArray(), width, size);
        var (plane, _) = linalg.qr(draws - probe.Plane.t().matmul(probe.Plane.matmul(draws)));
        return plane.t();
    }

    private static Tensor Index(int[] values) => tensor(Array.ConvertAll(values, value => (long)value));
}
