using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Adapters;

public sealed class LiveAdapterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Live_logits_equal_merged_ones_and_the_reference(string family)
    {
        var adapter = TinyModels.Folder($"{family}-lora");
        using var ids = TinyModels.Read(adapter, "reference.safetensors", "input_ids");
        using var expected = TinyModels.Read(adapter, "reference.safetensors", "logits");
        using var merged = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Adapter = adapter, Dtype = ScalarType.Float64 });
        using var model = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var bare = model.Run(ids);
        using (var attached = model.Attach(adapter))
        {
            using var live = model.Run(ids);
            using var whole = merged.Run(ids);
            Assert.InRange(TinyModels.Difference(live.Logits!, whole.Logits!), 0, 1e-6); // the merged weights were rounded once
            Assert.InRange(TinyModels.Difference(live.Logits!, expected), 0, 5e-5);
            using var off = model.Run(ids, new RunOptions { AdapterStrengths = new Dictionary<string, double> { [attached.Name] = 0 } });
            Assert.True(off.Logits!.equal(bare.Logits!).all().ToBoolean());
            Assert.NotEmpty(attached.HookNames);
        }

        using var after = model.Run(ids);
        Assert.True(after.Logits!.equal(bare.Logits!).all().ToBoolean());
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Every_part_has_a_hook_and_zeros_there_switch_it_off(string family)
    {
        using var model = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var ids = TinyModels.Ids([1, 2, 3, 4]);
        using var bare = model.Run(ids);
        using var attached = model.Attach(TinyModels.Folder($"{family}-lora"), "tuned");
        using var live = model.Run(ids, new RunOptions { Capture = HookFilter.Names(attached.HookNames) });
        foreach (var name in attached.HookNames)
        {
            Assert.Contains(".lora.tuned.", name, StringComparison.Ordinal);
            using var without = model.Run(ids, new RunOptions { Hooks = [new HookHandler(name, (value, _) => zeros_like(value))] });
            Assert.True(TinyModels.Difference(without.Logits!, live.Logits!) > 1e-9, name);
        }

        using var none = model.Run(ids, new RunOptions { Hooks = [.. attached.HookNames.Select(name => new HookHandler(name, (value, _) => zeros_like(value)))] });
        Assert.InRange(TinyModels.Difference(none.Logits!, bare.Logits!), 0, 1e-12);
        using var twice = model.Run(ids, new RunOptions { Capture = HookFilter.Names(attached.HookNames[0]), AdapterStrengths = new Dictionary<string, double> { ["tuned"] = 2 } });
        Assert.InRange(TinyModels.Difference(twice.Cache[attached.HookNames[0]], live.Cache[attached.HookNames[0]] * 2), 0, 1e-12);
    }

    [Fact]
    public void What_can_only_be_merged_or_clashes_is_refused_and_nothing_is_left_behind()
    {
        using var model = LanguageModel.Load(TinyModels.Folder("llama"));
        using var ids = TinyModels.Ids([1, 2, 3]);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var attached = model.Attach(TinyModels.Folder("llama-lora"));
            Assert.Throws<InterpException>(() => model.Attach(TinyModels.Folder("llama-lora")));
            using var run = model.Run(ids);
        });
        LiveTensors.AssertNoGrowth(() => Assert.ThrowsAny<InterpException>(() => model.Attach(TinyModels.Folder("gpt2-lora"))));
        using var scope = NewDisposeScope();
        File.WriteAllText(Path.Combine(_folder.Path, "adapter_config.json"), """{"peft_type":"LORA","r":2}""");
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            ["base_model.model.model.embed_tokens.lora_embedding_A"] = rand(2, 257), ["base_model.model.model.embed_tokens.lora_embedding_B"] = rand(48, 2),
        });
        Assert.Contains("merged only", Assert.Throws<CheckpointException>(() => model.Attach(_folder.Path)).Message, StringComparison.Ordinal);
    }
}
