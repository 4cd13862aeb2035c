using System.Globalization;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Adapters;

public sealed class LoraTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Logits_with_the_adapter_equal_the_reference(string family)
    {
        var adapter = TinyModels.Folder($"{family}-lora");
        using var model = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Adapter = adapter });
        using var ids = TinyModels.Read(adapter, "reference.safetensors", "input_ids");
        using var expected = TinyModels.Read(adapter, "reference.safetensors", "logits");
        using var result = model.Run(ids);
        Assert.Empty(model.Warnings);
        Assert.InRange(TinyModels.Difference(result.Logits!, expected), 0, 5e-5);
        using var bare = LanguageModel.Load(TinyModels.Folder(family));
        using var plain = bare.Run(ids);
        Assert.True(TinyModels.Difference(plain.Logits!, expected) > 1e-2);
    }

    [Theory]
    [InlineData("""{"r":2,"lora_alpha":6}""", 3.0)]
    [InlineData("""{"r":2,"lora_alpha":6,"use_rslora":true}""", 4.242640687119285)]
    [InlineData("""{"r":4,"lora_alpha":6,"rank_pattern":{"q_proj":2}}""", 3.0)]
    [InlineData("""{"r":2,"lora_alpha":6,"alpha_pattern":{"layers\\.0\\..*":10}}""", 5.0)]
    [InlineData("""{"r":2,"lora_alpha":6,"alpha_pattern":{"layers\\.1\\..*":10,"proj":99}}""", 3.0)]
    public void The_change_is_the_scaled_product(string config, double scale)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(2, 48), rand(64, 2));
        Write(config, ("model.layers.0.self_attn.q_proj.lora_A.weight", a), ("model.layers.0.self_attn.q_proj.lora_B.weight", b));
        Assert.InRange(TinyModels.Difference(Change("llama", "blocks.0.attn.W_Q"), Heads(b.matmul(a) * scale)), 0, 1e-5);
        Assert.Equal(0, TinyModels.Difference(Change("llama", "blocks.1.attn.W_Q"), zeros(4, 48, 16)));
    }

    [Theory]
    [InlineData("""{"r":2,"lora_bias":true}""", "lora_bias")]
    [InlineData("""{"r":2,"use_qalora":true}""", "use_qalora")]
    [InlineData("""{"r":2,"target_parameters":["mlp.experts"]}""", "target_parameters")]
    [InlineData("""{"r":2,"layer_replication":[[0,1]]}""", "layer_replication")]
    [InlineData("""{"r":3}""", "rank is 3")]
    public void What_is_not_supported_is_named(string config, string named)
    {
        using var scope = NewDisposeScope();
        Write(config, ("model.layers.0.self_attn.q_proj.lora_A.weight", rand(2, 48)), ("model.layers.0.self_attn.q_proj.lora_B.weight", rand(64, 2)));
        Assert.Contains(named, Assert.Throws<CheckpointException>(() => Change("llama", "blocks.0.attn.W_Q")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_another_kind_of_adapter_is_refused_and_wrapped_names_mean_the_bare_ones()
    {
        using var scope = NewDisposeScope();
        var pair = new[] { ("model.layers.0.self_attn.q_proj.lora_A.weight", rand(2, 48)), ("model.layers.0.self_attn.q_proj.lora_B.weight", zeros(64, 2)) };
        Write("""{"r":2}""", [.. pair, ("model.layers.0.self_attn.q_proj.lora_B.bias", rand(64))]);
        Assert.Contains("lora_B.bias", Assert.Throws<CheckpointException>(() => Change("llama", "blocks.0.attn.W_Q")).Message, StringComparison.Ordinal);
        var norm = rand(48);
        Write("""{"r":2}""", [.. pair, ("model.norm.modules_to_save.default.weight", norm)]);
        using var model = LanguageModel.Load(TinyModels.Folder("llama"), new ModelLoadOptions { Adapter = _folder.Path });
        Assert.Equal(0, TinyModels.Difference(model.Parameters["ln_final.w"], norm));
    }

    [Fact]
    public void Magnitudes_set_the_length_of_each_outputs_weights()
    {
        using var scope = NewDisposeScope();
        var magnitude = rand(64) + 0.5;
        Write(
            """{"r":2,"lora_alpha":2,"use_dora":true}""",
            ("model.layers.0.self_attn.q_proj.lora_A.weight", rand(2, 48)),
            ("model.layers.0.self_attn.q_proj.lora_B.weight", rand(64, 2)),
            ("model.layers.0.self_attn.q_proj.lora_magnitude_vector", magnitude));
        using var model = LanguageModel.Load(TinyModels.Folder("llama"), new ModelLoadOptions { Adapter = _folder.Path });
        var lengths = model.Parameters["blocks.0.attn.W_Q"].norm(1, false, 2f).flatten();
        Assert.InRange(TinyModels.Difference(lengths, magnitude), 0, 1e-5);
    }

    [Fact]
    public void Embeddings_and_whole_tensors_are_replaced_too()
    {
        using var scope = NewDisposeScope();
        var (a, b, norm) = (rand(2, 257), rand(48, 2), rand(48));
        Write(
            """{"r":2,"lora_alpha":4}""",
            ("model.embed_tokens.lora_embedding_A", a),
            ("model.embed_tokens.lora_embedding_B", b),
            ("model.norm.weight", norm));
        Assert.InRange(TinyModels.Difference(Change("llama", "embed.W_E"), b.matmul(a).t() * 2), 0, 1e-5);
        using var model = LanguageModel.Load(TinyModels.Folder("llama"), new ModelLoadOptions { Adapter = _folder.Path });
        Assert.Equal(0, TinyModels.Difference(model.Parameters["ln_final.w"], norm));
    }

    [Theory]
    [InlineData("""{"r":3}""", "rank is 3")]
    [InlineData("""{"r":2,"peft_type":"IA3"}""", "only LORA")]
    [InlineData("""{"r":2,"layer_replication":[[0,2]]}""", "layer_replication")]
    [InlineData("""{"r":2,"use_dora":true}""", "no magnitude vector")]
    [InlineData("""{"r":2,"rank_pattern":{"(":2}}""", "no regular expression")]
    public void What_cannot_be_applied_is_refused(string config, string says)
    {
        using var scope = NewDisposeScope();
        Write(config, ("model.layers.0.self_attn.q_proj.lora_A.weight", rand(2, 48)), ("model.layers.0.self_attn.q_proj.lora_B.weight", rand(64, 2)));
        Assert.Contains(says, Refusal("llama"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_of_another_model_is_refused()
    {
        using var scope = NewDisposeScope();
        Write("""{"r":2}""", ("model.layers.0.self_attn.q_proj.lora_A.weight", rand(2, 40)), ("model.layers.0.self_attn.q_proj.lora_B.weight", rand(64, 2)));
        Assert.Contains("trained on another model", Refusal("llama"), StringComparison.Ordinal);
        Assert.Contains("which the model does not have", Refusal("gpt2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Odd_origins_are_reported()
    {
        using var scope = NewDisposeScope();
        Write(
            """{"r":2,"base_model_name_or_path":"meta/other","init_lora_weights":"pissa_niter_4"}""",
            ("model.layers.0.self_attn.q_proj.lora_A.weight", rand(2, 48)),
            ("model.layers.0.self_attn.q_proj.lora_B.weight", rand(64, 2)));
        using var model = LanguageModel.Load(TinyModels.Folder("llama"), new ModelLoadOptions { Adapter = _folder.Path });
        Assert.Equal(2, model.Warnings.Count);
    }

    [Fact]
    public void Applying_an_adapter_keeps_no_tensor() => LiveTensors.AssertNoGrowth(() =>
    {
        using var model = LanguageModel.Load(TinyModels.Folder("gpt2"), new ModelLoadOptions { Adapter = TinyModels.Folder("gpt2-lora") });
    });

    private Tensor Change(string family, string name)
    {
        using var bare = LanguageModel.Load(TinyModels.Folder(family));
        using var adapted = LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Adapter = _folder.Path });
        return adapted.Parameters[name] - bare.Parameters[name];
    }

    private string Refusal(string family)
    {
        var message = Assert.Throws<CheckpointException>(() => LanguageModel.Load(TinyModels.Folder(family), new ModelLoadOptions { Adapter = _folder.Path })).Message;
        Assert.DoesNotContain("\n", message, StringComparison.Ordinal);
        return message;
    }

    // [out, in] to [H, in, h].
    private static Tensor Heads(Tensor change) => change.view(4, 16, 48).transpose(1, 2);

    private void Write(string config, params (string Name, Tensor Tensor)[] tensors)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "adapter_config.json"), config.Contains("peft_type", StringComparison.Ordinal) ? config : string.Create(CultureInfo.InvariantCulture, $"{{\"peft_type\":\"LORA\",{config[1..]}"));
        SafetensorsWriter.Write(Path.Combine(_folder.Path, "adapter_model.safetensors"), tensors.ToDictionary(pair => $"base_model.model.{pair.Name}", pair => pair.Tensor));
    }
}
