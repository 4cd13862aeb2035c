using Interp.Analysis.Entanglement;

namespace Interp.Analysis.Tests.Entanglement;

public sealed class ScalingFitsTests
{
    private const double Exact = 1e-9;

    [Fact]
    public void Synthetic_profiles_give_their_own_law_back()
    {
        const int Sites = 16;
        double Ring(int cut, double factor) => Math.Log(factor * Sites / Math.PI * Math.Sin(Math.PI * cut / Sites));
        var cuts = Enumerable.Range(1, Sites - 1).ToArray();
        (ScalingLaw Law, double Coefficient, double[] Values)[] cases =
        [
            (ScalingLaw.CardyOpen, 1.5, [.. cuts.Select(cut => 0.7 + (1.5 / 6 * Ring(cut, 2)))]),
            (ScalingLaw.CardyPeriodic, 1.5, [.. cuts.Select(cut => 0.7 + (1.5 / 3 * Ring(cut, 1)))]),
            (ScalingLaw.Volume, 0.3, [.. cuts.Select(cut => 0.7 + (0.3 * cut))]),
            (ScalingLaw.Area, 0, [.. cuts.Select(_ => 0.7)]),
        ];
        foreach (var (law, coefficient, values) in cases)
        {
            var fit = ScalingFits.AgainstCut(values).Single(candidate => candidate.Law == law);
            Assert.Equal(0.7, fit.Offset, Exact);
            Assert.Equal(coefficient, fit.Coefficient, Exact);
            Assert.True(law == ScalingLaw.Area || Math.Abs(fit.RSquared!.Value - 1) < Exact);
        }

        Assert.Equal(ScalingLaw.Volume, ScalingFits.Winner(ScalingFits.AgainstCut(cases[2].Values)));
    }

    [Fact]
    public void A_logarithm_of_the_length_is_told_from_a_volume_law()
    {
        int[] lengths = [16, 32, 64, 128, 256, 512, 1024];
        double[] values = [.. lengths.Select((length, i) => 0.4 + (1.2 / 3 * Math.Log(length)) + (0.003 * (i % 2)))];
        var fits = ScalingFits.AgainstLength(lengths, values);
        Assert.Equal(1.2, fits.Single(fit => fit.Law == ScalingLaw.AreaLogarithm).Coefficient, 0.01);
        Assert.Equal(ScalingLaw.AreaLogarithm, ScalingFits.Winner(fits));
    }

    [Fact]
    public void Errors_and_the_criterion_follow_their_textbook_formulas()
    {
        // y = 1, 3, 2, 5 on x = 1 … 4: slope 1.1, residual sum 2.7, Sxx 5.
        var fit = ScalingFits.AgainstCut([1, 3, 2, 5]).Single(candidate => candidate.Law == ScalingLaw.Volume);
        Assert.Equal(1.1, fit.Coefficient, Exact);
        Assert.Equal(0, fit.Offset, Exact);
        Assert.Equal(Math.Sqrt(2.7 / 2 / 5), fit.CoefficientError!.Value, Exact);
        Assert.Equal(1 - (2.7 / 8.75), fit.RSquared!.Value, Exact);
        Assert.Null(fit.Aicc);
        var area = ScalingFits.AgainstCut([1, 3, 2, 5]).Single(candidate => candidate.Law == ScalingLaw.Area);
        Assert.Equal((4 * Math.Log(8.75 / 4)) + 4 + 12, area.Aicc!.Value, Exact);
    }

    [Fact]
    public void Two_points_and_constant_series_leave_what_they_cannot_tell_empty()
    {
        var fits = ScalingFits.AgainstCut([0.5, 0.5]);
        Assert.All(fits, fit => Assert.Null(fit.RSquared));
        Assert.Null(ScalingFits.Winner(fits));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScalingFits.AgainstCut([1]));
    }
}
