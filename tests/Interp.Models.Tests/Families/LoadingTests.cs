using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Families;

public sealed class LoadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2", "model_type", "\"mamba\"", "mamba is not supported: supported are gpt2, gpt_neo, gptj")]
    [InlineData("gpt2", "architectures", "[\"MambaForCausalLM\"]", "MambaForCausalLM")]
    [InlineData("gpt2", "activation_function", "\"gelu_5\"", "gelu_5 is unknown")]
    [InlineData("gpt2", "n_head", "5", "5 heads do not divide the width 48")]
    [InlineData("gpt2", "n_layer", "0", "n_layer is 0")]
    [InlineData("gpt2", "n_layer", "null", "has no n_layer")]
    [InlineData("gpt2", "n_embd", "\"48\"", "n_embd is \"48\"")]
    [InlineData("gpt2", "add_cross_attention", "true", "cross-attention")]
    [InlineData("gpt2", "quantization_config", "{\"quant_method\":\"gptq\"}", "gptq")]
    [InlineData("llama", "num_key_value_heads", "3", "3 does not divide the 4 query heads")]
    [InlineData("llama", "rope_scaling", "{\"rope_type\":\"spiral\",\"factor\":2}", "spiral is not supported")]
    [InlineData("llama", "rope_parameters", "{\"rope_theta\":5000,\"rope_type\":\"default\"}", "10000 at the top but 5000 in rope_parameters")]
    [InlineData("llama", "rope_scaling", "{\"rope_type\":\"linear\"}", "linear needs a factor")]
    [InlineData("llama", "rope_scaling", "{\"rope_type\":\"llama3\"}", "llama3 needs a factor")]
    [InlineData("llama", "partial_rotary_factor", "0", "the rotated share of a head is 0")]
    [InlineData("llama", "rope_parameters", "{\"full_attention\":{\"rope_theta\":1}}", "an entry a layer type")]
    [InlineData("llama", "hidden_act", "\"gelu_7\"", "gelu_7 is unknown")]
    [InlineData("gpt2", "n_layer", "4", "missing transformer.h.3.attn.c_attn.bias")]
    [InlineData("gpt2", "n_layer", "2", "unexpected transformer.h.2.attn.c_attn.bias")]
    [InlineData("gpt2", "vocab_size", "300", "wrong shape: transformer.wte.weight is [257, 48] where [300, 48] is expected")]
    public void A_configuration_that_cannot_be_served_is_refused_in_one_line(string family, string key, string value, string says)
    {
        Copy(family, json => json[key] = JsonNode.Parse(value), removeArchitectures: key == "model_type");
        var error = Assert.Throws<CheckpointException>(() => LanguageModel.Load(_folder.Path));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_damaged_files_are_named()
    {
        Assert.Contains("no such file", Assert.Throws<CheckpointException>(() => LanguageModel.Load(Path.Combine(_folder.Path, "none"))).Message, StringComparison.Ordinal);
        Copy("gpt2");
        var weights = Path.Combine(_folder.Path, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);
        Assert.Contains("model.safetensors", Assert.Throws<CheckpointException>(() => LanguageModel.Load(_folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), "{");
        Assert.Contains("config.json", Assert.Throws<CheckpointException>(() => LanguageModel.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_differs_from_the_tied_embedding_is_reported()
    {
        Copy("gpt2");
        AddTensor("lm_head.weight", table => table + 1);
        using var model = LanguageModel.Load(_folder.Path);
        Assert.Contains("lm_head.weight differs", Assert.Single(model.Warnings), StringComparison.Ordinal);
        Assert.True(model.Config.IsHeadTied);
    }

    [Fact]
    public void A_model_beyond_the_limit_is_refused_before_it_is_read()
    {
        Copy("gpt2");
        var error = Assert.Throws<CheckpointException>(() => LanguageModel.Load(_folder.Path, new ModelLoadOptions { LargestBytes = 100_000 }));
        Assert.Contains("more than", error.Message, StringComparison.Ordinal);
        using var model = LanguageModel.Load(_folder.Path, new ModelLoadOptions { LargestBytes = 10_000_000 });
    }

    [Fact]
    public void An_equal_head_is_no_news()
    {
        Copy("gpt2");
        AddTensor("lm_head.weight", table => table);
        using var model = LanguageModel.Load(_folder.Path);
        Assert.Empty(model.Warnings);
    }

    [Fact]
    public void A_failed_or_cancelled_load_keeps_no_tensor()
    {
        Copy("gpt2", json => json["n_layer"] = 4);
        LiveTensors.AssertNoGrowth(() => Assert.Throws<CheckpointException>(() => LanguageModel.Load(_folder.Path)));
        LiveTensors.AssertNoGrowth(() =>
        {
            using var source = new CancellationTokenSource();
            var progress = new Stop(source);
            Assert.ThrowsAny<OperationCanceledException>(() => LanguageModel.Load(TinyModels.Folder("llama"), progress: progress, cancellation: source.Token));
        });
    }

    [Theory]
    [InlineData("gpt2", 98_016)]
    [InlineData("llama", 119_184)]
    public void Parameters_are_counted_once(string family, long expected)
    {
        using var model = LanguageModel.Load(TinyModels.Folder(family));
        using var checkpoint = Checkpoint.Open(TinyModels.Folder(family));
        Assert.Equal(checkpoint.Names.Sum(name => checkpoint.Entry(name).ElementCount), model.ParameterCount);
        Assert.InRange(model.ParameterCount, expected * 0.9, expected * 1.1);
    }

    [Fact]
    public void Older_toy_checkpoints_are_recognised_by_shape()
    {
        var config = TinyModels.Toy;
        using var scope = NewDisposeScope();
        var weights = TinyModels.RandomWeights(config);
        using var model = LanguageModel.Create(config, weights);
        var old = weights.ToDictionary(pair => pair.Key, pair => pair.Key.Split('.')[^1] switch
        {
            "W_E" => pair.Value.t(),
            "W_Q" or "W_K" or "W_V" => pair.Value.transpose(1, 2),
            "W_O" => pair.Value.permute(2, 0, 1).reshape(config.Width, -1),
            "W_in" or "W_out" => pair.Value.t(),
            _ => pair.Value,
        });
        old["blocks.0.attn.mask"] = ones(8, 8);
        old["blocks.0.attn.IGNORE"] = tensor(-1e5f);
        using var older = LanguageModel.Create(config, old);
        var ids = TinyModels.Ids([1, 2, 3]);
        using var first = model.Run(ids);
        using var second = older.Run(ids);
        Assert.True(first.Logits!.equal(second.Logits!).all().ToBoolean());
    }

    [Fact]
    public void Weights_that_do_not_fit_are_listed()
    {
        using var scope = NewDisposeScope();
        var weights = TinyModels.RandomWeights(TinyModels.Toy);
        weights.Remove("blocks.1.mlp.W_in");
        weights["extra"] = zeros(1);
        weights["unembed.W_U"] = zeros(3, 3);
        var error = Assert.Throws<CheckpointException>(() => LanguageModel.Create(TinyModels.Toy, weights));
        Assert.Contains("missing blocks.1.mlp.W_in", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected extra", error.Message, StringComparison.Ordinal);
        Assert.Contains("unembed.W_U is [3, 3] where [12, 9] is expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_toy_family_refuses_switches_it_lacks()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), """{"model_type":"hooked_transformer","n_layers":1,"d_model":4,"n_ctx":4,"n_heads":1,"d_vocab":4,"act_fn":"relu","use_local_attn":true}""");
        using (NewDisposeScope())
        {
            SafetensorsWriter.Write(Path.Combine(_folder.Path, "model.safetensors"), new Dictionary<string, Tensor> { ["x"] = zeros(1) });
        }

        Assert.Contains("use_local_attn", Assert.Throws<CheckpointException>(() => LanguageModel.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private void Copy(string family, Action<JsonObject>? change = null, bool removeArchitectures = false)
    {
        File.Copy(Path.Combine(TinyModels.Folder(family), "model.safetensors"), Path.Combine(_folder.Path, "model.safetensors"));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyModels.Folder(family), "config.json")))!.AsObject();
        if (removeArchitectures)
        {
            json.Remove("architectures");
        }

        change?.Invoke(json);
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), json.ToJsonString());
    }

    private void AddTensor(string name, Func<Tensor, Tensor> make)
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder.Path, "model.safetensors");
        Dictionary<string, Tensor> tensors;
        using (var file = SafetensorsFile.Open(path))
        {
            tensors = file.Entries.Keys.ToDictionary(key => key, key => file.Read(key));
        }

        tensors[name] = make(tensors["transformer.wte.weight"]);
        SafetensorsWriter.Write(path, tensors);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => source.Cancel();
    }
}
