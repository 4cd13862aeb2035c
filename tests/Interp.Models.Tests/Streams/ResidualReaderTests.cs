using Interp.Compute;
using Interp.Models.Hooks;
using Interp.Models.Streams;
using Interp.Models.Tests.Families;
using Interp.Models.Tests.Hooks;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Streams;

public sealed class ResidualReaderTests
{
    private const double Tolerance = 1e-11;

    public static TheoryData<string> Families => FamilyParityTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Parts_of_every_kind_add_up_to_the_stream_in_every_family(string family)
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "tiny", family), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        AddUp(model);
    }

    [Theory]
    [InlineData("toy")]
    [InlineData("parallel")]
    [InlineData("rotary")]
    [InlineData("solu")]
    public void Parts_of_every_kind_add_up_to_the_stream_in_toys(string toy)
    {
        using var model = HookSemanticsTests.Open(toy, ScalarType.Float64);
        AddUp(model);
    }

    [Fact]
    public void Attribution_of_parts_and_the_bias_make_the_logit()
    {
        using var model = LanguageModel.Load(TinyModels.Folder("gpt2"), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var ids = TinyModels.Ids([1, 2, 3, 4], [7, 6, 5, 4]);
        using var scope = NewDisposeScope();
        using var run = model.Run(ids, new RunOptions { Capture = ResidualReader.Needed(model) });
        var reader = new ResidualReader(model, run.Cache);
        using var parts = reader.FullDecomposition(expandNeurons: true);
        var difference = reader.LogitAttribution(parts, 5, 9).sum([0L]);
        var constant = model.Parameters["ln_final.b"].dot(model.UnembeddingColumn(5) - model.UnembeddingColumn(9));
        Assert.InRange(TinyModels.Difference(difference + constant, run.Logits!.select(2, 5) - run.Logits!.select(2, 9)), 0, Tolerance * 100);
    }

    [Fact]
    public void States_of_the_stream_are_labelled_in_order()
    {
        using var model = HookSemanticsTests.Open("toy", ScalarType.Float64);
        using var ids = TinyModels.Ids([1, 2, 3, 4]);
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.All });
        using var states = new ResidualReader(model, run.Cache).AccumulatedResidual(includeMid: true);
        Assert.Equal(["0_pre", "0_mid", "1_pre", "1_mid", "final_post"], states.Labels);
        using var mid = states["1_mid"];
        Assert.Equal(0, TinyModels.Difference(mid, run.Cache["resid_mid", 1]));
        using var early = new ResidualReader(model, run.Cache).AccumulatedResidual(layer: 1);
        Assert.Equal(["0_pre", "1_pre"], early.Labels);
    }

    [Fact]
    public void A_model_that_normalises_its_stream_has_no_parts()
    {
        using var model = HookSemanticsTests.Open("toy");
        using var ids = TinyModels.Ids([1, 2]);
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Names("hook_embed") });
        var reader = new ResidualReader(model, run.Cache);
        Assert.Contains("was not captured", Assert.Throws<HookNotFoundException>(() => reader.DecomposeResidual()).Message, StringComparison.Ordinal);
        Assert.Throws<InterpException>(() => reader.NeuronResults(neurons: [20]));
        LiveTensors.AssertNoGrowth(() => Assert.Throws<HookNotFoundException>(() => reader.HeadResults()));
    }

    private static void AddUp(LanguageModel model)
    {
        using var ids = TinyModels.Ids([1, 2, 3, 4, 5, 6], [9, 8, 7, 7, 2, 0]);
        using var run = model.Run(ids, new RunOptions { Capture = ResidualReader.Needed(model) });
        var reader = new ResidualReader(model, run.Cache);
        using var scope = NewDisposeScope();
        using var states = reader.AccumulatedResidual();
        for (var layer = 0; layer <= model.Config.LayerCount; layer++)
        {
            var state = states.Values.select(0, layer);
            var scale = 1 + state.abs().max().ToDouble();
            using var components = reader.DecomposeResidual(layer);
            Assert.InRange(TinyModels.Difference(components.Values.sum([0L]), state), 0, Tolerance * scale);
            using var full = reader.FullDecomposition(layer, expandNeurons: model.Config is { IsAttentionOnly: false, ExpertCount: 0 });
            Assert.InRange(TinyModels.Difference(full.Values.sum([0L]), state), 0, Tolerance * scale);
            Assert.Equal("bias", full.Labels[^1]);
            using var whole = reader.FullDecomposition(layer);
            Assert.InRange(TinyModels.Difference(whole.Values.sum([0L]), state), 0, Tolerance * scale);
        }
    }
}
