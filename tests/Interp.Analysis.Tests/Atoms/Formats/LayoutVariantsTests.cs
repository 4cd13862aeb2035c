using System.Text.Json.Nodes;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Formats;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Formats;

/// <summary>Layouts and switches for which no tool's output is at hand, against their definitions written out in torch.</summary>
public sealed class LayoutVariantsTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _encoder = RandomTensor.Normal(5, 12, 1);
    private readonly Tensor _decoder = RandomTensor.Normal(12, 5, 2);
    private readonly Tensor _bias = RandomTensor.Normal(1, 12, 3).reshape(-1) * 0.1;
    private readonly Tensor _centre = RandomTensor.Normal(1, 5, 4).reshape(-1) * 0.1;
    private readonly Tensor _x = RandomTensor.Normal(7, 5, 5);

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        _bias.Dispose();
        _centre.Dispose();
        _x.Dispose();
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Selection_by_the_directions_lengths_multiplies_and_divides_by_them()
    {
        SaeLens("topk", """ "k": 3, "rescale_acts_by_decoder_norm": true """);
        var norms = _decoder.norm(1);
        var z = ((_x - _centre).matmul(_encoder) + _bias) * norms;
        var places = z.topk(3, -1).indexes;
        var codes = zeros_like(z).scatter(-1, places, z.gather(-1, places).relu());
        AssertGives(codes, (codes / norms).matmul(_decoder) + _centre);
    }

    [Fact]
    public void A_training_checkpoint_of_batch_top_k_is_read_with_its_tracked_threshold_and_unit_directions()
    {
        SaeLens("batchtopk", """ "k": 3, "rescale_acts_by_decoder_norm": true """, ("topk_threshold", tensor(0.75, ScalarType.Float64)));
        var norms = _decoder.norm(1);
        var z = ((_x - _centre).matmul(_encoder) + _bias) * norms;
        var codes = z * (z > 0.75);
        AssertGives(codes, codes.matmul(_decoder / norms.unsqueeze(1)) + _centre);
    }

    [Fact]
    public void An_input_scale_beside_the_weights_is_folded_and_a_missing_one_refused()
    {
        SaeLens("standard", """ "normalize_activations": "expected_average_only_in" """);
        using (var unscaled = SparseAutoencoder.Load(_folder))
        {
            Assert.Contains("activation_scaler.json", Assert.Throws<InterpException>(() => unscaled.Encode(_x)).Message, StringComparison.Ordinal);
        }

        File.WriteAllText(Path.Combine(_folder, "activation_scaler.json"), """{"scaling_factor": 2.5}""");
        var codes = (((_x * 2.5) - _centre).matmul(_encoder) + _bias).relu();
        AssertGives(codes, (codes.matmul(_decoder) + _centre) / 2.5);
    }

    [Fact]
    public void An_older_flat_configuration_gets_its_defaults()
    {
        Write("sae_weights.safetensors", ("W_enc", _encoder), ("b_enc", _bias), ("W_dec", _decoder), ("b_dec", _centre), ("scaling_factor", ones(12)));
        File.WriteAllText(Path.Combine(_folder, "cfg.json"), """{"hook_point": "blocks.0.attn.hook_z", "d_in": 5, "d_sae": 12, "activation_fn_str": "topk", "activation_fn_kwargs": {"k": 2}, "normalize_activations": "none", "model_name": "m"}""");
        using var dictionary = SparseAutoencoder.Load(_folder);
        Assert.Equal((DictionaryFormat.SaeLensLegacy, DictionaryArchitecture.TopK, 2.0, true), (dictionary.Info.Format!.Value, dictionary.Info.Architecture, dictionary.Info.ActiveCount, dictionary.Info.FlattensHeads));
        Assert.Equal(("blocks.0.attn.hook_z", "m", true), (dictionary.HookName, dictionary.ModelName, dictionary.Info.PrependsBegin));
        var z = (_x - _centre).matmul(_encoder) + _bias;
        var codes = CodeSelection.Greatest(z, z.relu(), 2);
        AssertGives(codes, codes.matmul(_decoder) + _centre);
    }

    [Fact]
    public void Heads_are_flattened()
    {
        SaeLens("standard", """ "reshape_activations": "hook_z" """);
        using var dictionary = SparseAutoencoder.Load(_folder);
        using var flat = DictionaryEncoding.Run(dictionary, _x);
        using var heads = DictionaryEncoding.Run(dictionary, _x.reshape(7, 5, 1));
        Assert.True(flat.Codes.equal(heads.Codes).all().item<bool>());
    }

    [Fact]
    public void Group_max_takes_the_greatest_of_each_group()
    {
        Write("sae.safetensors", ("encoder.weight", _encoder.t()), ("encoder.bias", _bias), ("W_dec", _decoder), ("b_dec", _centre));
        File.WriteAllText(Path.Combine(_folder, "cfg.json"), """{"activation": "groupmax", "k": 4, "num_latents": 0, "d_in": 5, "transcode": false}""");
        var grouped = ((_x - _centre).matmul(_encoder) + _bias).relu().reshape(7, 4, 3);
        var codes = (grouped * grouped.eq(grouped.amax([-1L], keepdim: true))).reshape(7, 12);
        AssertGives(codes, codes.matmul(_decoder) + _centre);
    }

    [Fact]
    public void A_square_skip_connection_of_gemma_scope_2_is_applied_from_the_left()
    {
        var skip = RandomTensor.Normal(5, 5, 9);
        var theta = _bias.abs() + 0.5;
        Write("params.safetensors", ("w_enc", _encoder), ("b_enc", _bias), ("w_dec", _decoder), ("b_dec", _centre), ("threshold", theta), ("affine_skip_connection", skip));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"hf_hook_point_in": "model.layers.7.pre_feedforward_layernorm.output", "hf_hook_point_out": "model.layers.7.post_feedforward_layernorm.output", "model_name": "g"}""");
        var z = _x.matmul(_encoder) + _bias;
        var codes = z * (z > theta);
        AssertGives(codes, codes.matmul(_decoder) + _centre + _x.matmul(skip));
        using var dictionary = SparseAutoencoder.Load(_folder);
        Assert.Equal(("blocks.7.ln2.hook_normalized", "blocks.7.hook_mlp_out", true), (dictionary.HookName, dictionary.Info.OutputHookName, dictionary.Info.InputIncludesNormGain));
    }

    [Fact]
    public void Llama_scope_s_threshold_is_in_units_of_the_unscaled_input()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "checkpoints"));
        Write("checkpoints/final.safetensors", ("encoder.weight", _encoder.t()), ("encoder.bias", _bias), ("decoder.weight", _decoder.t()), ("decoder.bias", _centre));
        File.WriteAllText(Path.Combine(_folder, "hyperparams.json"), """{"d_model": 5, "d_sae": 12, "hook_point_in": "blocks.3.hook_resid_post", "jump_relu_threshold": 0.4, "dataset_average_activation_norm": {"in": 1.25}}""");
        var scale = Math.Sqrt(5) / 1.25;
        var z = (_x * scale).matmul(_encoder) + _bias;
        var codes = z * (z > 0.4 * scale);
        AssertGives(codes, (codes.matmul(_decoder) + _centre) / scale);
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("Identity")]
    public void Open_ai_s_top_k_normalises_each_row_and_restores_it(string after)
    {
        // The nested dictionary of the activation is not written by our writer, so the reader's two parts are tested apart.
        using var dictionary = SparseAutoencoder.Create(
            new DictionaryInfo { Architecture = DictionaryArchitecture.TopK, ActiveCount = 3, RectifiesCodes = after == "ReLU", Normalisation = InputNormalisation.LayerNorm },
            _encoder.clone(), _bias.clone(), _decoder.clone(), _centre.clone());
        var mean = _x.mean([-1L], keepdim: true);
        var deviation = ((_x - mean).square().sum(-1, keepdim: true) / 4).sqrt();
        var z = (((_x - mean) / (deviation + 1e-5)) - _centre).matmul(_encoder) + _bias;
        var places = z.topk(3, -1).indexes;
        var kept = zeros_like(z).scatter(-1, places, z.gather(-1, places));
        var codes = after == "ReLU" ? kept.relu() : kept;
        AssertClose(codes, dictionary.Encode(_x));
        AssertClose(((codes.matmul(_decoder) + _centre) * deviation) + mean, dictionary.Decode(codes, _x));
    }

    [Fact]
    public void Open_ai_s_relu_files_are_recognised_by_their_tensors()
    {
        TorchFileWriter.Write(Path.Combine(_folder, "6.pt"), [("pre_bias", _centre), ("encoder.weight", _encoder.t()), ("latent_bias", _bias), ("decoder.weight", _decoder.t())]);
        var codes = ((_x - _centre).matmul(_encoder) + _bias).relu();
        AssertGives(codes, codes.matmul(_decoder) + _centre);
        Assert.Equal(DictionaryFormat.OpenAi, DictionaryFormats.Detect(_folder));
    }

    [Fact]
    public void Circuit_tracer_s_thresholds_leave_negative_codes_and_its_hooks_get_the_layer()
    {
        var theta = full(12, -0.5f);
        Write("layer_3.safetensors", ("W_enc", _encoder.t()), ("b_enc", _bias), ("W_dec", _decoder), ("b_dec", _centre), ("activation_function.threshold", theta));
        File.WriteAllText(Path.Combine(_folder, "config.yaml"), "model_name: \"m/x\"\nmodel_kind: transcoder_set # a set of one\nfeature_input_hook: mlp.hook_in\nfeature_output_hook: hook_mlp_out\n");
        var z = _x.matmul(_encoder) + _bias;
        var codes = z * (z > -0.5);
        AssertGives(codes, codes.matmul(_decoder) + _centre);
        using var dictionary = SparseAutoencoder.Load(_folder);
        Assert.Equal(("m/x", "blocks.3.mlp.hook_in", "blocks.3.hook_mlp_out"), (dictionary.ModelName, dictionary.HookName, dictionary.Info.OutputHookName));
    }

    [Fact]
    public void A_batch_top_k_that_never_tracked_a_threshold_takes_the_greatest_of_all_rows()
    {
        TorchFileWriter.Write(
            Path.Combine(_folder, "ae.pt"),
            [("b_dec", _centre), ("k", tensor(2)), ("threshold", tensor(-1f)), ("decoder.weight", _decoder.t()), ("encoder.weight", _encoder.t()), ("encoder.bias", _bias)]);
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"trainer": {"dict_class": "BatchTopKSAE"}}""");
        using var dictionary = SparseAutoencoder.Load(_folder);
        using var encoded = DictionaryEncoding.Run(dictionary, _x);
        Assert.Equal(14, encoded.Codes.gt(0).sum().item<long>());
        Assert.Contains("never estimated", Assert.Single(dictionary.Info.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gated_encoder_becomes_one_with_thresholds()
    {
        using var gated = SparseAutoencoder.Create(
            new DictionaryInfo { Architecture = DictionaryArchitecture.Gated }, _encoder.clone(), full(12, 0.1f), _decoder.clone(), _centre.clone(),
            gate: new DictionaryGate(full(12, -0.3f), full(12, MathF.Log(2))));
        gated.Save(_folder, DictionaryFormat.GemmaScope);
        using var jump = SparseAutoencoder.Load(_folder);
        Assert.Equal(0.7, jump.Thresholds![0].item<float>(), 1e-6);
        AssertClose(gated.Encode(_x), jump.Encode(_x));
    }

    private void SaeLens(string architecture, string keys, params (string Name, Tensor Tensor)[] more)
    {
        Write("sae_weights.safetensors", [("W_enc", _encoder), ("b_enc", _bias), ("W_dec", _decoder), ("b_dec", _centre), .. more]);
        var config = JsonNode.Parse($$"""{"d_in": 5, "d_sae": 12, "architecture": "{{architecture}}", "metadata": {"sae_lens_version": "6.18.0"}, {{keys}} }""")!;
        File.WriteAllText(Path.Combine(_folder, "cfg.json"), config.ToJsonString());
    }

    private void Write(string file, params (string Name, Tensor Tensor)[] tensors) => SafetensorsWriter.Write(Path.Combine(_folder, file), tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor));

    private void AssertGives(Tensor codes, Tensor reconstruction)
    {
        using var dictionary = SparseAutoencoder.Load(_folder);
        using var encoded = DictionaryEncoding.Run(dictionary, _x);
        AssertClose(codes, encoded.Codes);
        AssertClose(reconstruction, encoded.Reconstruction);
    }

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.True(allclose(expected, actual, Tolerance, Tolerance), $"{(expected - actual).abs().max().item<float>()}");
}
