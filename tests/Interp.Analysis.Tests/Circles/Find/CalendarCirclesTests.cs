using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Circles.Find;
using Interp.Models;

namespace Interp.Analysis.Tests.Circles.Find;

/// <summary>The circles of the shipped calendar, found without labels through the dictionary shipped beside it.</summary>
public sealed class CalendarCirclesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interp-calendar-");

    [Fact]
    public void Days_and_months_stand_on_circles_among_the_first_ten_clusters_where_the_probe_reads_them()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "calendar"));
        var sources = new AnalysisSources { Model = model, TextFile = Checkout.PathOf("models", "calendar", "corpus.txt"), OutputFolder = _folder.FullName };
        using var captured = AnalysisCatalogue.Find("capture").Run(
            sources, new CaptureOptions { Hooks = ["blocks.1.hook_resid_pre"], Tokens = 100_000, Context = 32 });
        using var found = AnalysisCatalogue.Find("circles-find").Run(
            new AnalysisSources { Model = model, Dictionary = Checkout.PathOf("models", "calendar", "dictionary"), Activations = _folder.FullName, OutputFolder = "" },
            new FindOptions { Cutoff = 0.4, Directions = 90, ControlDraws = 2 });
        var result = (FindResult)found.Result;
        Assert.Equal(["weekdays", "months"], result.Cycles.Select(cycle => cycle.Cycle));
        Assert.Equal([7, 12], result.Cycles.Select(cycle => cycle.Period));
        foreach (var cycle in result.Cycles)
        {
            Assert.InRange(cycle.Rank!.Value, 1, 10);
            Assert.True(cycle.Fit!.IsOrdered && cycle.Fit.R2 >= 0.8, $"{cycle.Cycle}: {cycle.Fit.R2}");
            Assert.True(cycle.ProbeOverlap > cycle.RandomOverlapQuantile95, $"{cycle.Cycle}: {cycle.ProbeOverlap} against {cycle.RandomOverlapQuantile95}");
            Assert.InRange(cycle.PValue!.Value, 0, 0.01);
            Assert.Equal(0, cycle.ControlSets);
            Assert.True(result.Clusters[cycle.Rank.Value - 1].Score > result.ControlQuantile95);
        }

        Assert.Contains("weekdays stand in order on a circle", found.Figures.Single(figure => figure.Name == $"cluster-{result.Cycles[0].Rank}").Description, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
