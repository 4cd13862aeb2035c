using Interp.Analysis.Lenses;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Lenses;

/// <summary>Lens, attribution, patching and gradients against TransformerLens's numbers.</summary>
public sealed class LensParityTests
{
    /// <summary>Float32 rounding of values of order one to ten.</summary>
    private const double Tolerance = 1e-4;

    private static readonly AnswerDirection s_answer = new(5, 9);

    public static TheoryData<string> Families => ["gpt2", "llama", "gpt_neox", "gemma2"];

    [Theory]
    [MemberData(nameof(Families))]
    public void The_logit_lens_equals_the_reference(string family)
    {
        using var fixture = new Fixture(family);
        using var lens = LogitLens.Compute(fixture.Model, fixture.Clean);
        fixture.Compare("lens_logits", lens.squeeze(1));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Attribution_equals_the_reference(string family)
    {
        using var fixture = new Fixture(family);
        using var attribution = LogitAttribution.Compute(fixture.Model, fixture.Clean, s_answer);
        fixture.Compare("head_attribution", attribution.Heads);
        fixture.Compare("mlp_attribution", attribution.Mlp);
        fixture.Compare("attn_attribution", attribution.Attention);
        fixture.Compare("embed_attribution", attribution.Embedding);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Patching_equals_the_reference(string family)
    {
        using var fixture = new Fixture(family);
        using var scope = NewDisposeScope();
        var sweep = new PatchingSweep(fixture.Model, fixture.Clean, fixture.Corrupted, s_answer);
        Assert.Equal(fixture.Read("metric_clean").ToSingle(), sweep.CleanMetric(), Tolerance);
        Assert.Equal(fixture.Read("metric_corrupted").ToSingle(), sweep.CorruptedMetric(), Tolerance);
        fixture.Compare("patch_resid_pre", sweep.Patch(PatchingSite.ResidPre));
        fixture.Compare("patch_mlp_out", sweep.Patch(PatchingSite.MlpOut));
        fixture.Compare("patch_z", sweep.Patch(PatchingSite.Z));
        fixture.Compare("grad_resid_pre", sweep.Gradient(PatchingSite.ResidPre));
        fixture.Compare("attribution_patch_resid_pre", sweep.Estimate(PatchingSite.ResidPre));
    }

    private sealed class Fixture : IDisposable
    {
        private readonly SafetensorsFile _file;
        private readonly DisposeScope _scope = NewDisposeScope();

        public Fixture(string family)
        {
            var folder = family is "gpt2" or "llama" ? Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", family) : SharedFiles.Require("models", "tiny", family);
            _file = SafetensorsFile.Open(Path.Combine(folder, "analysis.safetensors"));
            Model = LanguageModel.Load(folder);
            Clean = _file.Read("clean_ids");
            Corrupted = _file.Read("corrupted_ids");
        }

        public LanguageModel Model { get; }

        public Tensor Clean { get; }

        public Tensor Corrupted { get; }

        public Tensor Read(string name) => _file.Read(name);

        public void Compare(string name, Tensor actual)
        {
            var expected = Read(name);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True((actual - expected).abs().max().ToSingle() <= Tolerance, $"{name} differs by {(actual - expected).abs().max().ToSingle():g3}");
        }

        public void Dispose()
        {
            _scope.Dispose();
            Model.Dispose();
            _file.Dispose();
        }
    }
}
