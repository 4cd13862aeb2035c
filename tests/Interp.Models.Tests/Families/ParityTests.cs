using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Families;

/// <summary>The same numbers as the reference implementations, at the logits and at every hook.</summary>
public sealed class ParityTests
{
    /// <summary>Float32 rounding over three layers; the references' own float32–float64 gap is of this order.</summary>
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Logits_equal_the_reference(string family)
    {
        var folder = TinyModels.Folder(family);
        using var model = LanguageModel.Load(folder);
        using var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        using var expected = TinyModels.Read(folder, "reference.safetensors", "logits");
        using var result = model.Run(ids);
        Assert.InRange(TinyModels.Difference(result.Logits!, expected), 0, Tolerance);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Every_hook_equals_the_reference(string family)
    {
        var folder = TinyModels.Folder(family);
        using var model = LanguageModel.Load(folder);
        using var reference = SafetensorsFile.Open(Path.Combine(folder, "hooks.safetensors"));
        using var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        var names = reference.Entries.Keys.Where(name => name != "logits").ToList();

        using var result = model.Run(ids, new RunOptions { Capture = HookFilter.Names(names) });
        Assert.Equal(names.Order(StringComparer.Ordinal), result.Cache.Names.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            using var expected = reference.Read(name);
            Assert.True(TinyModels.Difference(result.Cache[name], expected) <= Tolerance, $"{name} differs by {TinyModels.Difference(result.Cache[name], expected):g3}");
        }

        // All points that fire unasked are among the reference's, and none is missing.
        using var all = model.Run(ids, new RunOptions { Capture = HookFilter.All });
        Assert.Equal(names.Where(name => !name.EndsWith("hook_result") && !name.EndsWith("hook_mlp_in")).Order(StringComparer.Ordinal), all.Cache.Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Float64_decides_that_the_difference_is_rounding(string family)
    {
        var folder = TinyModels.Folder(family);
        using var model = LanguageModel.Load(folder, new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        using var expected = TinyModels.Read(folder, "reference.safetensors", "logits");
        using var fused = model.Run(ids);
        using var eager = model.Run(ids, new RunOptions { Capture = HookFilter.Matching("blocks.*.attn.hook_pattern") });
        Assert.Equal(ScalarType.Float64, fused.Logits!.dtype);
        Assert.InRange(TinyModels.Difference(fused.Logits!, expected), 0, Tolerance);
        Assert.InRange(TinyModels.Difference(fused.Logits!, eager.Logits!), 0, 1e-12);
    }

    [Theory]
    [InlineData("gpt2", ScalarType.BFloat16)]
    [InlineData("llama", ScalarType.Float16)]
    public void Half_precision_stays_near(string family, ScalarType dtype)
    {
        var folder = TinyModels.Folder(family);
        using var model = LanguageModel.Load(folder, new ModelLoadOptions { Dtype = dtype });
        using var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        using var expected = TinyModels.Read(folder, "reference.safetensors", "logits");
        using var result = model.Run(ids);
        Assert.Equal(dtype, result.Logits!.dtype);
        Assert.InRange(TinyModels.Difference(result.Logits!, expected), 0, 0.02 * expected.abs().max().ToDouble());
    }

    [Theory]
    [InlineData("stories260K")]
    [InlineData("babyllama-105")]
    [InlineData("gpt-nano-sort")]
    public void Trained_models_give_the_reference_logits(string name)
    {
        var folder = SharedFiles.Require("models", "trained", name);
        using var model = LanguageModel.Load(folder);
        using var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        using var expected = TinyModels.Read(folder, "reference.safetensors", "logits");
        using var result = model.Run(ids);
        Assert.InRange(TinyModels.Difference(result.Logits!, expected), 0, 5e-5 * Math.Max(1, expected.abs().max().ToDouble() / 10));
    }

    [Fact]
    public void The_shipped_clock_adds()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        Assert.Equal(new ModelTask(ModelTask.ModularAddition, 59), model.Task);
        using var ids = tensor(new long[] { 17, 50, 59, 3, 4, 59 }, 2, 3);
        using var result = model.Run(ids, new RunOptions { ReturnLogits = LogitPositions.Last });
        using var answers = result.Logits!.argmax(-1).flatten();
        Assert.Equal([2, 59], [result.Logits!.shape[0], result.Logits!.shape[2]]);
        Assert.Equal([(17 + 50) % 59, 7], answers.data<long>().ToArray());
    }
}
