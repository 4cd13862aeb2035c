using Interp.Analysis.Circles.Fourier;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class CircleProbeTests
{
    [Fact]
    public void A_circle_in_a_tilted_plane_is_read_exactly()
    {
        using var scope = NewDisposeScope();
        var angles = Enumerable.Range(0, 59).Select(a => 2 * Math.PI * (7 * a % 59) / 59).ToArray();
        var points = Points(angles, noise: 0);
        var (scores, shares) = CircleProbe.PrincipalScores(points, 2);
        var probe = CircleProbe.Fit(scores, angles, hasSine: true, fitted: null);
        Assert.Equal(1, probe.R2, 1e-9);
        Assert.Equal(1, probe.HeldOutR2, 1e-9);
        Assert.Equal(0, probe.RadiusVariation, 1e-6);
        Assert.Equal(1, shares[0] + shares[1], 1e-9);
    }

    [Fact]
    public void Leaving_one_row_out_equals_refitting_without_it()
    {
        using var scope = NewDisposeScope();
        var angles = Enumerable.Range(0, 17).Select(a => 2 * Math.PI * (3 * a % 17) / 17).ToArray();
        var (scores, _) = CircleProbe.PrincipalScores(Points(angles, noise: 0.4), 3);
        var targets = stack([tensor(angles).cos(), tensor(angles).sin()], 1);
        var read = zeros_like(targets);
        for (var row = 0; row < angles.Length; row++)
        {
            var others = tensor(Enumerable.Range(0, angles.Length).Where(other => other != row).Select(other => (long)other).ToArray());
            var coefficients = linalg.pinv(scores.index_select(0, others)).matmul(targets.index_select(0, others));
            read[row] = scores[row].matmul(coefficients);
        }

        var unexplained = (targets - read).square().sum([0]) / targets.square().sum([0]);
        var probe = CircleProbe.Fit(scores, angles, hasSine: true, fitted: null);
        Assert.Equal((1 - unexplained).min().ToDouble(), probe.HeldOutR2, 1e-9);
    }

    [Fact]
    public void An_angle_that_is_not_there_is_not_read_from_rows_left_out()
    {
        using var scope = NewDisposeScope();
        var angles = Enumerable.Range(0, 200).Select(a => 2 * Math.PI * (7 * a % 59) / 59).ToArray();
        var other = Enumerable.Range(0, 200).Select(a => 2 * Math.PI * (11 * a % 59) / 59).ToArray();
        var (scores, _) = CircleProbe.PrincipalScores(Points(other, noise: 0.1), 4);
        var probe = CircleProbe.Fit(scores, angles, hasSine: true, fitted: [.. Enumerable.Range(0, 100)]);
        Assert.True(probe.HeldOutR2 < 0.05, $"{probe}");
    }

    private static Tensor Points(double[] angles, double noise)
    {
        var random = new SplitMix64(3);
        var plane = tensor(Enumerable.Range(0, 2 * 6).Select(_ => random.NextNormal()).ToArray()).reshape(6, 2);
        var directions = linalg.qr(plane).Q.t();
        var jitter = tensor(Enumerable.Range(0, angles.Length * 6).Select(_ => noise * random.NextNormal()).ToArray()).reshape(angles.Length, 6);
        return stack([tensor(angles).cos(), tensor(angles).sin()], 1).matmul(directions) + jitter + 3;
    }
}
