using Interp.Analysis.Circles.Probe;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Probe;

/// <summary>The closed-form activations of the public oracle evr.csv: μ + 3 circle(a)·W + a second harmonic + a line in b, 49 rows.</summary>
public sealed class CircleReadoutTests
{
    private static readonly CircleTargets s_targets = new(7, [1]);

    private static (Tensor Activations, int[] Labels) Cloud(bool isFull)
    {
        double W(int i, int j) => Math.Sin(1 + (1.7 * i) + (0.9 * j) + (isFull ? 0.37 * i * j : 0));
        var rows = new double[49, 12];
        for (var row = 0; row < 49; row++)
        {
            var (a, b) = (row / 7, row % 7);
            var angle = 2 * Math.PI * a / 7;
            for (var j = 0; j < 12; j++)
            {
                rows[row, j] = (3 * Math.Cos(1.3 * j)) + (3 * Math.Cos(angle) * W(0, j)) + (3 * Math.Sin(angle) * W(1, j)) + (0.5 * Math.Cos(2 * angle) * W(2, j)) + (0.2 * (b - 3) * W(3, j));
            }
        }

        return (tensor(rows), [.. Enumerable.Range(0, 49).Select(row => row / 7)]);
    }

    [Theory]
    [InlineData(false, 2, 0.970744753915, 0.968210779711, 0.199135860505, -0.175316610508)]
    [InlineData(false, 5, 0.970744753915, 0.968210779711, 0.199135860505, -0.175316610508)]
    [InlineData(true, 2, 0.998707353224, 0.995025960999, 0.091492730437, -0.536076918708)]
    [InlineData(true, 3, 0.998865768583, 0.995602585274, 0.094006221198, -0.531281515713)]
    [InlineData(true, 5, 1.0, 1.0, 0.045851021626, -0.626099575435)]
    public void Shares_and_the_published_formula_s_shift_are_the_oracle_s(bool isFull, int components, double cosine, double sine, double shiftX, double shiftY)
    {
        using var scope = NewDisposeScope();
        var (activations, labels) = Cloud(isFull);
        using var probe = CircleReadout.Fit(activations, s_targets.Of(labels), components);
        var shares = ProbeFits.R2(s_targets.Of(labels), probe.Read(activations));
        Assert.Equal(cosine, shares[0], 1e-9);
        Assert.Equal(sine, shares[1], 1e-9);
        var target = s_targets.Of([3]);
        Tensor Changed(InterventionKind kind) => Interventions.Apply(kind, probe, activations[..1], activations[21..22], target, new Turn(s_targets, [3]), probe.Plane, probe.Plane);
        Assert.True(probe.Read(Changed(InterventionKind.PatchCircle)).allclose(target, 0, 1e-9));
        Assert.True(probe.Read(Changed(InterventionKind.PatchCircleKeepRest)).allclose(target, 0, 1e-9));
        var shift = probe.Read(Changed(InterventionKind.PatchCircleLegacy)) - target;
        Assert.Equal(shiftX, shift[0, 0].ToDouble(), 1e-9);
        Assert.Equal(shiftY, shift[0, 1].ToDouble(), 1e-9);
    }

    [Fact]
    public void Interventions_move_what_they_say_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var (activations, labels) = Cloud(isFull: true);
        using var probe = CircleReadout.Fit(activations, s_targets.Of(labels), 5);
        var (own, donor, target) = (activations[..7], activations[14..21], s_targets.Of([2, 2, 2, 2, 2, 2, 2]));
        var (everything, _) = linalg.qr(cat([probe.Plane.t(), eye(12, dtype: ScalarType.Float64)], 1));
        var elsewhere = everything.t()[5..7];
        Tensor Changed(InterventionKind kind) => Interventions.Apply(kind, probe, own, donor, target, new Turn(s_targets, [2, 2, 2, 2, 2, 2, 2]), probe.Plane, elsewhere);
        Tensor Outside(Tensor x) => x - x.matmul(probe.Plane.t()).matmul(probe.Plane);
        void Same(Tensor expected, Tensor found) => Assert.True(expected.allclose(found, 0, 1e-9));
        Same(Outside(own), Outside(Changed(InterventionKind.PatchCircleKeepRest)));
        Same(Outside(own), Outside(Changed(InterventionKind.ZeroCircle)));
        Same(zeros(7, 2, dtype: ScalarType.Float64), probe.Read(Changed(InterventionKind.ZeroCircle)));
        Same(probe.Read(own), probe.Read(Changed(InterventionKind.ZeroAllButCircle)));
        Same(Outside(probe.Mean.expand(7, 12)), Outside(Changed(InterventionKind.ZeroAllButCircle)));
        Same(probe.Read(own), probe.Read(Changed(InterventionKind.PatchAllButCircle)));
        Same(Outside(donor), Outside(Changed(InterventionKind.PatchAllButCircle)));
        Same(donor, Changed(InterventionKind.PatchLayer));
        Same(probe.Read(own), probe.Read(Changed(InterventionKind.MoveOutsideCircle)));
        Same((Changed(InterventionKind.PatchCircleKeepRest) - own).norm(1), (Changed(InterventionKind.MoveOutsideCircle) - own).norm(1));
        Same(probe.Mean.expand(7, 12), Changed(InterventionKind.AverageAblate));

        // The cloud has rank 4, so its first 5 directions are all of it; and the probe is exact, so turning is setting.
        Same(donor, Changed(InterventionKind.PatchPca));
        Same(target, probe.Read(Changed(InterventionKind.RotateCircle)));
    }

    [Fact]
    public void Few_rows_of_many_columns_give_the_directions_that_many_rows_do()
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(3, "rows");
        var rows = tensor(Enumerable.Range(0, 60).Select(_ => random.NextNormal()).ToArray(), 6, 10);
        var centred = rows - rows.mean([0], keepdim: true);
        var few = CircleReadout.Principal(centred, 3);
        var (_, _, right) = linalg.svd(centred, fullMatrices: false);
        Assert.True(few.matmul(right[..3].t()).abs().allclose(eye(3, dtype: ScalarType.Float64), 0, 1e-9));
    }
}
