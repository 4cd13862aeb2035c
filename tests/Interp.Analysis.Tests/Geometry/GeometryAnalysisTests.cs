using Interp.Analysis.Geometry;
using Interp.Compute;
using Interp.Models;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Geometry;

public sealed class GeometryAnalysisTests
{
    private static readonly GeometryOptions s_quick = new() { Rows = 300, Resamples = 3, DiffusionRows = 100, MatchedGaussian = true };

    [Fact]
    public void A_flat_Gaussian_has_its_dimension_whatever_it_is_embedded_in()
    {
        using var scope = NewDisposeScope();
        var flat = RandomTensor.Normal(1000, 3).to(ScalarType.Float64);
        var measured = Run(flat.matmul(RandomTensor.Normal(3, 20, seed: 4).to(ScalarType.Float64)), s_quick with { Rows = 1000 });
        Assert.Equal(3, measured.Measures.TwoNearest!.Value, 0.4);
        Assert.Equal(3, measured.Measures.MaximumLikelihood!.Value, 0.3);
        Assert.Equal(measured.MatchedGaussian!.TwoNearest!.Value, measured.Measures.TwoNearest.Value, 0.4);
        Assert.InRange(measured.Measures.ParticipationRatio!.Value, 1, 3);
        Assert.True(measured.HalfWidths!.TwoNearest > 0 && measured.HalfWidths.ParticipationRatio > 0);
        Assert.InRange(measured.Measures.DiffusionEntropyBits!.Value, 0, Math.Log2(100));
    }

    [Fact]
    public void Rotations_shifts_and_zero_columns_change_only_what_they_should()
    {
        using var scope = NewDisposeScope();
        var rows = GeometryOracleTests.Ball().narrow(1, 0, 5);
        var rotation = linalg.qr(RandomTensor.Normal(5, 5, seed: 8).to(ScalarType.Float64)).Q;
        var plain = Run(rows, s_quick).Measures;
        var turned = Run(cat([rows.matmul(rotation), zeros(30, 4, dtype: ScalarType.Float64)], 1), s_quick).Measures;
        var shifted = Run(rows + 7, s_quick).Measures;
        foreach (var (name, _, _, of) in CloudMeasures.All)
        {
            Assert.True(Math.Abs(of(plain)!.Value - of(turned)!.Value) < 1e-7, name);
            if (name is not ("average-cosine" or "von-neumann-entropy" or "partition-isotropy"))
            {
                Assert.True(Math.Abs(of(plain)!.Value - of(shifted)!.Value) < 1e-7, name);
            }
        }
    }

    [Fact]
    public void Equal_rows_and_duplicates_are_told_and_broken_rows_refused()
    {
        using var scope = NewDisposeScope();
        var equal = Run(ones(8, 3), s_quick);
        Assert.Null(equal.Measures.TwoNearest);
        Assert.Null(equal.Measures.SpectralAnisotropy);
        Assert.Equal(1, equal.Measures.AverageCosine!.Value, 1e-12);
        Assert.Contains(equal.Notes, note => note.Contains("equal", StringComparison.Ordinal));
        var rows = RandomTensor.Normal(40, 3);
        var doubled = Run(cat([rows, rows.narrow(0, 0, 5)], 0), s_quick);
        Assert.Equal(5, doubled.Duplicates);
        Assert.Equal(Run(rows, s_quick).Measures.TwoNearest, doubled.Measures.TwoNearest);
        rows[3, 1] = float.NaN;
        Assert.Throws<InterpException>(() => Run(rows, s_quick));
        Assert.Throws<ShapeMismatchException>(() => Run(ones(1, 3), s_quick));
        Assert.Throws<InterpException>(() => GeometryInput.Open(new AnalysisSources { OutputFolder = "" }, s_quick));
    }

    [Fact]
    public void A_model_is_measured_at_every_layer_through_the_catalogue()
    {
        using var model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
        using var outcome = AnalysisCatalogue.Find("geometry").Run(new AnalysisSources { Model = model, OutputFolder = "" }, s_quick with { Labels = CloudLabels.Token, Hooks = ["blocks.*.hook_resid_post"] });
        var result = Assert.IsType<GeometryResult>(outcome.Result);
        Assert.Equal(model.Config.LayerCount, result.Clouds.Count);
        Assert.All(result.Clouds, cloud => Assert.Equal((300, model.Config.Width), (cloud.Rows, cloud.Dimension)));
        Assert.All(outcome.Figures, figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));
        Assert.Equal(outcome.Figures.Count, outcome.Figures.Select(figure => figure.Name).Distinct().Count());
    }

    [Fact]
    public void A_text_is_measured_at_the_same_positions_of_every_layer()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        var sources = new AnalysisSources { Model = model, TextFile = SharedFiles.Require("corpora", "tinyshakespeare.txt"), OutputFolder = "" };
        var options = s_quick with { Rows = 150, Resamples = 0, MatchedGaussian = false, Labels = CloudLabels.Position };
        var result = GeometryAnalysis.Run(GeometryInput.Open(sources, options), options);
        Assert.Equal(model.Config.LayerCount + 1, result.Clouds.Count);
        Assert.Equal(GeometryAnalysis.Run(GeometryInput.Open(sources, options), options).Clouds[^1].Measures, result.Clouds[^1].Measures);
        Assert.True(result.Clouds[0].Duplicates > 0);
    }

    [Fact]
    public void Checkpoints_inside_the_models_folder_are_measured_in_the_order_of_their_steps()
    {
        var folder = Directory.CreateTempSubdirectory("interp-checkpoints-");
        try
        {
            foreach (var place in new[] { "", "step-0", "checkpoint-200", "step-30" })
            {
                var target = folder.CreateSubdirectory(place.Length > 0 ? place : ".");
                foreach (var file in Directory.EnumerateFiles(Checkout.PathOf("models", "clock-59")))
                {
                    File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
                }
            }

            folder.CreateSubdirectory("step-9"); // Holds no model.
            var options = s_quick with { Rows = 60, Resamples = 0, MatchedGaussian = false, DiffusionRows = 0, Checkpoints = true, Hooks = ["blocks.0.hook_resid_post"] };
            using var model = LanguageModel.Load(folder.FullName);
            var sources = new AnalysisSources { Model = model, OutputFolder = "" };
            var result = GeometryAnalysis.Run(GeometryInput.Open(sources, options), options);
            Assert.Equal([0, 30, 200, null], result.Clouds.Select(cloud => cloud.Step));
            Assert.All(result.Clouds, cloud => Assert.Equal(result.Clouds[^1].Measures, cloud.Measures));
            Assert.Contains("step 30", GeometryFigures.Draw(result)[0].Data.Select(trace => ((Plotly.Blazor.Traces.Scatter)trace).Name));
            using var bare = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));
            Assert.Throws<InterpException>(() => GeometryInput.Open(new AnalysisSources { Model = bare, OutputFolder = "" }, options));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void No_tensor_is_left_behind_and_a_cancelled_run_stops()
    {
        using var rows = RandomTensor.Normal(40, 4);
        LiveTensors.AssertNoGrowth(() => Run(rows, s_quick));
        var input = new GeometryInput("rows", [new CloudSet(null, () => [])]);
        Assert.Throws<OperationCanceledException>(() => GeometryAnalysis.Run(input, s_quick, null, new CancellationToken(true)));
    }

    private static CloudGeometry Run(Tensor rows, GeometryOptions options) => GeometryAnalysis.Run(
        new GeometryInput("rows", [new CloudSet(null, () => [GeometryInput.Sampled(rows, "rows", options)])]), options).Clouds[0];
}
