using Interp.Analysis.Circles.Planes;
using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Tests.Circles.Planes;

/// <summary>The shipped model that adds modulo 59. Its numbers are those of one trained checkpoint.</summary>
public sealed class PlanesOfClockTests
{
    private static readonly PlanesOptions s_quick = new() { Directions = 180, NullDraws = 2, NearEqual = 1 };

    [Fact]
    public void The_residual_stream_holds_irreducible_circles_that_order_the_answers()
    {
        var result = Run(s_quick with { Sites = [PlanesOptions.Residual] });
        var cloud = Assert.Single(result.Clouds);
        Assert.Equal((59 * 59, 59), (cloud.Points, cloud.Modulus));
        Assert.Equal([21, 23, 27], cloud.CircleFrequencies);
        var ordered = result.Planes.Where(plane => plane.IsCircle && plane.Fit.IsOrdered).ToArray();
        Assert.True(ordered.Select(plane => plane.Fit.Frequency).Distinct().Count() >= 2);
        Assert.All(ordered, plane => Assert.True(plane is { SeparabilityBits: >= 0.7, Mixture: <= 0.25, Fit.R2: > 0.95 }));
        Assert.Equal(ordered, result.Planes.Take(ordered.Length));

        // Without labels, the first two components already are such a circle.
        Assert.True(result.Planes.Single(plane => plane.Components is [0, 1]).IsCircle);
    }

    [Fact]
    public void The_embedding_holds_a_circle_of_another_frequency_too()
    {
        var result = Run(s_quick with { Sites = [PlanesOptions.Embedding], MaximumMixture = 0.26 });
        Assert.Equal(59, Assert.Single(result.Clouds).Points);
        Assert.Contains(3, result.Clouds[0].CircleFrequencies);
        Assert.NotEmpty(result.Clouds[0].Warnings);
    }

    [Fact]
    public void Both_routes_find_circles_in_the_embedding_whose_angle_orders_the_residues()
    {
        int[] key = [3, 21, 23, 27];
        var circles = Run(s_quick with { Sites = [PlanesOptions.Embedding], Directions = 3600 }).Planes
            .Where(plane => plane is { SeparabilityBits: >= 0.7, Mixture: <= 0.25, Fit.OrdersResidues: true } && key.Contains(plane.Fit.Frequency)).ToArray();
        Assert.True(circles.Length >= 2);
        Assert.Contains(circles, plane => plane.Kind == PlaneKind.Frequency);
        Assert.Contains(circles, plane => plane.Kind == PlaneKind.Components);
    }

    [Fact]
    public void Points_can_be_taken_at_any_hook_and_labelled_by_a_number()
    {
        var result = Run(s_quick with { Sites = ["blocks.0.hook_resid_mid"], Label = ResidueLabel.First, Components = 4, Directions = 30 });
        Assert.Contains("hook_resid_mid", result.Clouds[0].Name, StringComparison.Ordinal);
        using var model = Load();
        Assert.Throws<Interp.Models.Hooks.HookNotFoundException>(() => PlanesAnalysis.Run(Sources(model), s_quick with { Sites = ["blocks.7.nothing"] }));
        Assert.Contains("59, not 11", Assert.Throws<InterpException>(() => PlanesAnalysis.Run(Sources(model), s_quick with { Modulus = 11 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stays_alive_after_a_run()
    {
        using var model = Load();
        LiveTensors.AssertNoGrowth(() => PlanesAnalysis.Run(Sources(model), s_quick with { Components = 2, Directions = 10 }));
    }

    private static LanguageModel Load() => LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    private static AnalysisSources Sources(LanguageModel model) => new() { Model = model, OutputFolder = "" };

    private static PlanesResult Run(PlanesOptions options)
    {
        using var model = Load();
        return PlanesAnalysis.Run(Sources(model), options);
    }
}
