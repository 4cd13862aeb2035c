using Interp.Analysis.Circles.Probe;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Probe;

public sealed class ProbeFitsTests
{
    private static readonly int[] s_labels = [.. Enumerable.Range(0, 49).Select(row => row / 7)];
    private static readonly int[] s_others = [.. Enumerable.Range(0, 49).Select(row => row % 7)];

    private static Tensor Noise(int rows, int columns, string stream)
    {
        var random = SplitMix64.ForStream(1, stream);
        return tensor(Enumerable.Range(0, rows * columns).Select(_ => random.NextNormal()).ToArray(), rows, columns);
    }

    private static ProbeMeasure Measure(Tensor activations, int components = 5, int harmonic = 1, int draws = 100)
    {
        using var fits = new ProbeFits(activations, new CircleTargets(7, [1, 2, 3]), s_labels, s_others, components, default);
        return fits.Measure(0, "alpha", "alpha", harmonic, draws, SplitMix64.ForStream(1, "null"));
    }

    [Fact]
    public void A_circle_goes_on_where_a_label_was_never_seen_and_a_table_does_not()
    {
        using var scope = NewDisposeScope();
        var circle = new CircleTargets(7, [1]).Of(s_labels).matmul(Noise(2, 12, "map")) + (0.02 * Noise(49, 12, "rest"));
        var onCircle = Measure(circle);
        Assert.InRange(onCircle.HeldOutLabelR2, 0.9, 1);
        Assert.Equal(1, onCircle.NearestLabelAccuracy);
        Assert.InRange(onCircle.PValue, 0, 0.01);

        // Seven places of their own: read back almost exactly with six directions, but the order is only in the table.
        var table = Noise(7, 12, "table").index_select(0, tensor(Array.ConvertAll(s_labels, label => (long)label))) + (0.02 * Noise(49, 12, "rest"));
        var inTable = Measure(table, components: 6);
        Assert.InRange(inTable.HeldOutPromptR2, 0.9, 1);
        Assert.True(inTable.HeldOutLabelR2 < 0.5, $"{inTable.HeldOutLabelR2}");
    }

    [Fact]
    public void Leaving_out_one_prompt_is_what_fitting_without_it_gives()
    {
        using var scope = NewDisposeScope();
        var cloud = Noise(49, 4, "cloud");
        var centred = cloud - cloud.mean([0], keepdim: true);
        var points = new CircleTargets(7, [1]).Of(s_labels);
        var read = zeros_like(points);
        for (var row = 0; row < 49; row++)
        {
            var others = tensor(Enumerable.Range(0, 49).Where(other => other != row).Select(other => (long)other).ToArray());
            read[row] = centred[row].unsqueeze(0).matmul(CircleReadout.Solve(centred.index_select(0, others), points.index_select(0, others)))[0];
        }

        Assert.Equal(ProbeFits.R2(points, read).Min(), Measure(cloud, components: 4).HeldOutPromptR2, 1e-9);
    }

    [Fact]
    public void Noise_is_not_read_and_leaves_no_tensors()
    {
        using var scope = NewDisposeScope();
        var noise = Noise(49, 12, "noise");
        var measure = Measure(noise);
        Assert.True(measure.HeldOutPromptR2 < 0.2);
        Assert.InRange(measure.PValue, 0.01, 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = Measure(noise, harmonic: 3);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
