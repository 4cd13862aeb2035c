using Interp.Analysis.Capacity.Packing;
using Interp.Compute;

namespace Interp.Analysis.Tests.Capacity;

public sealed class PackingTests
{
    /// <summary>Seeds move the largest cosine of a small packing by this share.</summary>
    private const double AcrossSeeds = 0.03;

    [Theory]
    [InlineData(PackingForm.JohnsonLindenstrauss, 0.7068, 0.9631, 52.2, 975.3, 0.02896, 27.0)]
    [InlineData(PackingForm.OneParameter, 1.2934, 0.9984, 4.50, 7.95, 0.00612, 2.42)]
    [InlineData(PackingForm.FourParameter, 0.4581, 0.9998, 1.80, 5.35, 0.00231, 1.49)]
    public void The_forms_have_the_documented_fits_errors_and_fairer_split(PackingForm form, double constant, double rSquared, double above, double all, double rms, double heldOut)
    {
        var fit = PackingFits.Of(form, PackingData.Optimized);
        Assert.Equal(constant, fit.Parameters[0], 1e-4);
        Assert.Equal(rSquared, fit.RSquared, 5e-5);
        Assert.Equal(above, fit.ErrorAbove, 0.05);
        Assert.Equal(all, fit.ErrorAll, 0.05);
        Assert.Equal(rms, fit.RootMeanSquare, 5e-6);
        Assert.Equal(heldOut, fit.ErrorHeldOut!.Value, 0.05);
    }

    [Fact]
    public void The_four_parameters_are_the_published_ones() =>
        Assert.Equal([1.0668, 1.4474, 0.9720], PackingFits.Of(PackingForm.FourParameter, PackingData.Optimized).Parameters.Skip(1).Select(value => Math.Round(value, 4)));

    [Fact]
    public void A_small_packing_goes_the_documented_way_between_the_Welch_bound_and_random_vectors()
    {
        var result = PackingAnalysis.Run(new PackingOptions { Steps = 500, RandomDraws = 3 });
        Assert.Equal(11, result.Power);
        Assert.Equal(0.7006, result.LargestCosines[0], 0.1);
        Assert.Equal(1, result.Epsilon!.Value / 0.2986, AcrossSeeds);
        Assert.InRange(result.Epsilon.Value, result.WelchBound, result.RandomEpsilon!.Value);
        Assert.Equal(0.273, result.FourParameter, 5e-4);
        Assert.Equal(0.3195, result.OneParameter, 5e-4);
        var again = PackingAnalysis.Run(new PackingOptions { Steps = 500, RandomDraws = 3 });
        Assert.Equal(result.LargestCosines, again.LargestCosines);
        Assert.Equal(3, PackingFigures.Draw(result).Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Odd_and_even_powers_go_down(int power)
    {
        using var optimizer = new PackingOptimizer(30, 6, power, 1e-3, 1, TorchSharp.torch.CPU);
        var before = optimizer.LargestCosine();
        for (var step = 0; step < 200; step++)
        {
            optimizer.Step();
        }

        Assert.True(optimizer.LargestCosine() < before);
    }

    [Theory]
    [InlineData(400, 32, 11)]
    [InlineData(8000, 32, 17)]
    [InlineData(8000, 768, 9)]
    [InlineData(8000, 4096, 6)]
    [InlineData(4000, 4096, 4)]
    public void The_published_power_follows_the_rule(int count, int dimension, int power) =>
        Assert.Equal(power, PackingOptimizer.PublishedPower(count, dimension));

    [Fact]
    public void Without_steps_only_the_forms_are_fitted_and_a_bad_table_is_refused()
    {
        var result = PackingAnalysis.Run(new PackingOptions { Steps = 0 });
        Assert.Null(result.Epsilon);
        Assert.Equal(2, PackingFigures.Draw(result).Count);
        Assert.Throws<InterpException>(() => PackingAnalysis.Run(new PackingOptions { Data = "no such table.csv" }));
    }

    [Fact]
    public void No_tensor_is_left_behind_and_a_cancelled_run_stops()
    {
        var options = new PackingOptions { Vectors = 20, Dimension = 4, Steps = 3, RandomDraws = 1 };
        LiveTensors.AssertNoGrowth(() => PackingAnalysis.Run(options));
        Assert.Throws<OperationCanceledException>(() => PackingAnalysis.Run(options, null, new CancellationToken(true)));
    }
}
