using Interp.Analysis.Lenses;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Lenses;

public sealed class LensPropertyTests
{
    private static readonly string s_clock = Checkout.PathOf("models", "clock-59");
    private static readonly string s_gpt2 = Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", "gpt2");

    [Fact]
    public void Contributions_and_constants_add_up_to_the_logit_difference()
    {
        using var model = LanguageModel.Load(s_gpt2, new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 3, 14, 15, 92, 65 }, 1, 5);
        var answer = new AnswerDirection(7, 11);
        using var parts = LogitAttribution.Compute(model, ids, answer);
        using var run = model.Run(ids);
        var column = model.Parameters["unembed.W_U"].select(1, 7) - model.Parameters["unembed.W_U"].select(1, 11);
        var constant = model.Parameters["ln_final.b"].dot(column);
        var total = parts.Embedding.sum() + parts.Attention.sum() + parts.Mlp.sum() + constant;
        Assert.Equal((run.Logits![0, 4, 7] - run.Logits![0, 4, 11]).ToDouble(), total.ToDouble(), 1e-10);
    }

    [Fact]
    public void The_lens_after_the_last_block_is_the_model()
    {
        using var model = LanguageModel.Load(s_gpt2);
        using var ids = tensor(new long[] { 3, 14, 15, 92, 65 }, 1, 5);
        using var lens = LogitLens.Compute(model, ids);
        using var run = model.Run(ids);
        Assert.True(lens[-1].equal(run.Logits!).all().ToBoolean());
    }

    [Fact]
    public void Patching_every_stream_of_a_layer_by_position_moves_from_one_run_to_the_other()
    {
        using var model = LanguageModel.Load(s_gpt2);
        using var clean = tensor(new long[] { 3, 14, 15 }, 1, 3);
        using var corrupted = tensor(new long[] { 3, 200, 15 }, 1, 3);
        var sweep = new PatchingSweep(model, clean, corrupted, new AnswerDirection(7));
        using var patched = sweep.Patch(PatchingSite.ResidPre);

        // Before the first block the prompts differ at one position only: patching it gives the clean run, the others change nothing.
        Assert.Equal(sweep.CleanMetric(), patched[0, 1].ToSingle(), 1e-5);
        Assert.Equal(sweep.CorruptedMetric(), patched[0, 0].ToSingle(), 1e-5);
        Assert.Equal(sweep.CorruptedMetric(), patched[0, 2].ToSingle(), 1e-5);
    }

    [Fact]
    public void The_estimate_is_exact_where_the_metric_is_linear()
    {
        // Without norms, what an attention-free last MLP adds enters the logits linearly.
        using var model = LanguageModel.Load(s_clock, new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var clean = tensor(new long[] { 3, 14, 59 }, 1, 3);
        using var corrupted = tensor(new long[] { 3, 40, 59 }, 1, 3);
        var sweep = new PatchingSweep(model, clean, corrupted, new AnswerDirection(17, 43));
        using var exact = sweep.Patch(PatchingSite.MlpOut);
        using var estimate = sweep.Estimate(PatchingSite.MlpOut);
        var change = exact - sweep.CorruptedMetric();
        Assert.InRange((change - estimate).abs().max().ToDouble(), 0, 1e-9);
        Assert.True(change.abs().max().ToDouble() > 1);
    }

    [Theory]
    [InlineData(PatchingSite.ResidMid)]
    [InlineData(PatchingSite.AttnOut)]
    [InlineData(PatchingSite.Q)]
    [InlineData(PatchingSite.K)]
    [InlineData(PatchingSite.V)]
    [InlineData(PatchingSite.Pattern)]
    public void Each_patch_equals_a_run_with_that_one_value_put_in(PatchingSite site)
    {
        using var model = LanguageModel.Load(s_gpt2);
        using var scope = NewDisposeScope();
        var clean = tensor(new long[] { 3, 14, 15, 2 }, 1, 4);
        var corrupted = tensor(new long[] { 3, 200, 15, 7 }, 1, 4);
        var sweep = new PatchingSweep(model, clean, corrupted, new AnswerDirection(7, 8));
        var patched = sweep.Patch(site);
        var name = site == PatchingSite.ResidMid || site == PatchingSite.AttnOut ? $"blocks.1.hook_{PatchingSweep.Word(site)}" : $"blocks.1.attn.hook_{PatchingSweep.Word(site)}";
        var axis = site is PatchingSite.Q or PatchingSite.K or PatchingSite.V ? 2 : 1;
        using var source = model.Run(clean, new RunOptions { Capture = HookFilter.Names(name) });
        HookFunction put = (value, _) =>
        {
            var edited = value.clone();
            edited.select(axis, 2).copy_(source.Cache[name].select(axis, 2));
            return edited;
        };
        using var run = model.Run(corrupted, new RunOptions { Hooks = [new HookHandler(name, put)] });
        Assert.Equal((run.Logits![0, 3, 7] - run.Logits![0, 3, 8]).ToSingle(), patched[1, 2].ToSingle(), 1e-5);
    }

    [Fact]
    public void Bad_input_is_refused_and_nothing_is_kept()
    {
        using var model = LanguageModel.Load(s_gpt2);
        using var clean = tensor(new long[] { 3, 14, 15 }, 1, 3);
        using var longer = tensor(new long[] { 3, 14, 15, 1 }, 1, 4);
        Assert.Contains("same length", Assert.Throws<InterpException>(() => new PatchingSweep(model, clean, longer, new AnswerDirection(1))).Message, StringComparison.Ordinal);
        Assert.Contains("token 257", Assert.Throws<InterpException>(() => LogitAttribution.Compute(model, clean, new AnswerDirection(257))).Message, StringComparison.Ordinal);
        LiveTensors.AssertNoGrowth(() =>
        {
            var sweep = new PatchingSweep(model, clean, clean, new AnswerDirection(1));
            using var patched = sweep.Patch(PatchingSite.Z);
            using var estimate = sweep.Estimate(PatchingSite.Z);
            using var gradient = sweep.Gradient(PatchingSite.ResidPre);
            using var lens = LogitLens.Compute(model, clean);
            using var attribution = LogitAttribution.Compute(model, clean, new AnswerDirection(1, 2));
        });
    }
}
