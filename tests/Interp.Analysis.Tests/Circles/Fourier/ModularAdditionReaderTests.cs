using Interp.Analysis.Circles.Fourier;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class ModularAdditionReaderTests
{
    /// <summary>The engine's float32 against float64, on logits of size 100.</summary>
    private const double Tolerance = 1e-3;

    private static readonly string s_folder = PlainModularAddition.Shipped("clock-59");

    [Fact]
    public void Tables_equal_those_of_the_model_written_out_in_float64()
    {
        using var scope = NewDisposeScope();
        using var model = LanguageModel.Load(s_folder);
        using var read = ModularAdditionReader.Read(model, new FourierOptions());
        using var plain = PlainModularAddition.Load(s_folder);
        using var expected = plain.Tables(TrainingRecipes.FindModularAddition("clock-59").Split(1));
        AssertClose(expected.Embedding, read.Embedding);
        AssertClose(expected.Logits, read.Logits);
        AssertClose(expected.Neurons!, read.Neurons!);
        AssertClose(expected.NeuronOutput!, read.NeuronOutput!);
        AssertClose(expected.FirstInput!, read.FirstInput!);
        AssertClose(expected.SecondInput!, read.SecondInput!);
        AssertClose(expected.FinalResidual, read.FinalResidual);
        Assert.Equal(expected.TrainPairs, read.TrainPairs);
        Assert.Equal(expected.SquaredWeightNorms.Keys.Order(), read.SquaredWeightNorms.Keys.Order());
        Assert.All(expected.SquaredWeightNorms, pair => Assert.Equal(pair.Value, read.SquaredWeightNorms[pair.Key], 1e-6));
        Assert.Equal(46, read.Training.Count);
    }

    [Fact]
    public void Runs_with_other_embeddings_equal_the_model_written_out_in_float64()
    {
        using var scope = NewDisposeScope();
        using var model = LanguageModel.Load(s_folder);
        using var read = ModularAdditionReader.Read(model, new FourierOptions());
        using var plain = PlainModularAddition.Load(s_folder);
        using var expected = plain.Tables(null);
        var other = expected.Embedding.roll(3, 0) * 0.5;
        AssertClose(expected.Rerun(other, expected.Embedding, default), read.Rerun(other, read.Embedding, default));
        AssertClose(read.Logits, read.Rerun(read.Embedding, read.Embedding, default));
        var residuals = expected.FinalResidual[3].roll(2, 1);
        AssertClose(expected.Decode(residuals), read.Decode(residuals));
    }

    [Fact]
    public void The_catalogue_runs_the_analysis_and_leaves_the_model_alive()
    {
        using var model = LanguageModel.Load(s_folder);
        var entry = AnalysisCatalogue.Find("circles-fourier");
        Assert.Contains("needs a model", Assert.Throws<InterpException>(() => entry.Run(new AnalysisSources { OutputFolder = "" }, new FourierOptions())).Message, StringComparison.Ordinal);
        var stages = new HashSet<string>();
        using var outcome = entry.Run(new AnalysisSources { Model = model, OutputFolder = "" }, new FourierOptions { Frequencies = 0, NullDraws = 1 }, new Stages(stages));
        Assert.Equal([3, 21, 23, 27], ((FourierResult)outcome.Result).KeyFrequencies);
        Assert.Equal(7, outcome.Figures.Count);
        Assert.Equal(["read", "intervene"], stages);
        using var again = model.Run(zeros(1, 3, dtype: ScalarType.Int64));
        Assert.NotNull(again.Logits);
    }

    [Fact]
    public void Reading_leaves_only_the_tables()
    {
        using var model = LanguageModel.Load(s_folder);
        ModularAdditionReader.Read(model, new FourierOptions()).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ModularAdditionReader.Read(model, new FourierOptions()).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(31, -1, "adds modulo 59, not 31")]
    [InlineData(0, 1, "has no layer 1")]
    public void Options_that_do_not_fit_the_model_are_refused(int modulus, int layer, string because)
    {
        using var model = LanguageModel.Load(s_folder);
        var failure = Assert.Throws<InterpException>(() => ModularAdditionReader.Read(model, new FourierOptions { Modulus = modulus, Layer = layer }));
        Assert.Contains(because, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_task_needs_a_modulus_that_fits_it()
    {
        using var shipped = LanguageModel.Load(s_folder);
        using var model = LanguageModel.Create(shipped.Config, shipped.Parameters);
        Assert.Contains("give the modulus", Assert.Throws<InterpException>(() => ModularAdditionReader.Read(model, new FourierOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("too small", Assert.Throws<InterpException>(() => ModularAdditionReader.Read(model, new FourierOptions { Modulus = 60 })).Message, StringComparison.Ordinal);
        using var tables = ModularAdditionReader.Read(model, new FourierOptions { Modulus = 59 });
        Assert.Null(tables.TrainPairs);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(ScalarType.Float64, actual.dtype);
        Assert.Equal(0, (expected - actual).abs().max().ToDouble(), Tolerance);
    }

    private sealed class Stages(HashSet<string> names) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => names.Add(value.Stage);
    }
}
