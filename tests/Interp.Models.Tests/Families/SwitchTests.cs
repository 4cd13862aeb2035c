using System.Text.Json.Nodes;
using Interp.Models.Tests.Families.Plain;
using TorchSharp;

namespace Interp.Models.Tests.Families;

/// <summary>Sizes and switches of every family against its equations in double loops; float64 leaves nothing to rounding.</summary>
public sealed class SwitchTests : IDisposable
{
    /// <summary>Float64 over three layers; rotary angles and softmax are the largest sources.</summary>
    private const double Tolerance = 1e-9;

    private const string Sizes = """ "vocab_size":13,"hidden_size":24,"num_attention_heads":4,"num_hidden_layers":3,"intermediate_size":28,"max_position_embeddings":32 """;
    private const string OldSizes = """ "vocab_size":13,"n_embd":20,"n_head":5,"n_layer":3,"n_positions":16 """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (architecture, family, switches) in All())
            {
                cases.Add(architecture, $$"""{"model_type":"{{family}}",{{switches}}}""");
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_equal_the_equations(string architecture, string json)
    {
        var config = JsonNode.Parse(json)!.AsObject();
        config["architectures"] = new JsonArray(architecture);
        int[] ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 12, 0];
        var weights = new PlainWeights(seed: 7);
        var expected = Family(config) ? new PlainOlder(config, weights).Logits(ids) : new PlainDecoder(config, weights).Logits(ids);
        weights.Write(Path.Combine(_folder.Path, "model.safetensors"));
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), config.ToJsonString());

        using var model = LanguageModel.Load(_folder.Path, new ModelLoadOptions { Dtype = torch.ScalarType.Float64 });
        using var input = TinyModels.Ids([.. ids.Select(id => (long)id)]);
        using var run = model.Run(input);
        using var reference = torch.tensor(expected.SelectMany(row => row).ToArray(), 1, ids.Length, expected[0].Length);
        Assert.InRange(TinyModels.Difference(run.Logits!, reference), 0, Tolerance * (1 + reference.abs().max().ToDouble()));
    }

    private static bool Family(JsonObject config) => (string)config["model_type"]! is "gpt2" or "gpt_neo" or "gptj" or "gpt_neox" or "opt" or "bloom";

    private static IEnumerable<(string Architecture, string Family, string Switches)> All()
    {
        yield return ("GPT2LMHeadModel", "gpt2", OldSizes + ""","n_inner":null,"scale_attn_by_inverse_layer_idx":true,"activation_function":"gelu" """);
        yield return ("GPT2LMHeadModel", "gpt2", OldSizes + ""","n_inner":36,"scale_attn_weights":false,"tie_word_embeddings":false,"activation_function":"quick_gelu","layer_norm_epsilon":0.01 """);
        yield return ("GPTNeoForCausalLM", "gpt_neo", """ "vocab_size":13,"hidden_size":20,"num_heads":5,"num_layers":3,"max_position_embeddings":16,"intermediate_size":null,"window_size":3,"attention_types":[[["global","local"],1],[["local"],1]] """);
        yield return ("GPTJForCausalLM", "gptj", """ "vocab_size":13,"n_embd":24,"n_head":3,"n_layer":3,"n_positions":16,"rotary_dim":4,"n_inner":20,"activation_function":"gelu_new" """);
        yield return ("GPTNeoXForCausalLM", "gpt_neox", Sizes.Replace("24", "32", StringComparison.Ordinal) + ""","rotary_pct":0.5,"rotary_emb_base":500,"use_parallel_residual":false,"hidden_act":"gelu","rope_scaling":{"type":"linear","factor":2.5} """);
        yield return ("GPTNeoXForCausalLM", "gpt_neox", Sizes.Replace("24", "32", StringComparison.Ordinal) + ""","rope_parameters":{"rope_theta":300,"rope_type":"default","partial_rotary_factor":0.75},"attention_bias":false,"hidden_act":"relu","layer_norm_eps":0.001 """);
        yield return ("OPTForCausalLM", "opt", """ "vocab_size":13,"hidden_size":20,"num_attention_heads":4,"num_hidden_layers":3,"ffn_dim":28,"max_position_embeddings":16,"activation_function":"relu","do_layer_norm_before":false,"word_embed_proj_dim":12 """);
        yield return ("OPTForCausalLM", "opt", """ "vocab_size":13,"hidden_size":20,"num_attention_heads":4,"num_hidden_layers":3,"ffn_dim":28,"max_position_embeddings":16,"activation_function":"gelu","enable_bias":false,"layer_norm_elementwise_affine":false,"_remove_final_layer_norm":true """);
        yield return ("BloomForCausalLM", "bloom", """ "vocab_size":13,"hidden_size":24,"n_head":6,"n_layer":3,"layer_norm_epsilon":0.001 """);
        yield return ("LlamaForCausalLM", "llama", Sizes + ""","num_key_value_heads":2,"head_dim":8,"attention_bias":true,"mlp_bias":true,"tie_word_embeddings":true,"rope_scaling":{"rope_type":"linear","factor":3} """);
        yield return ("LlamaForCausalLM", "llama", Sizes.Replace("32", "6", StringComparison.Ordinal) + ""","head_dim":6,"rope_scaling":{"type":"dynamic","factor":4},"rope_theta":700 """);
        yield return ("LlamaForCausalLM", "llama", Sizes + ""","head_dim":12,"rope_parameters":{"rope_type":"llama3","rope_theta":40,"factor":8,"low_freq_factor":1,"high_freq_factor":3,"original_max_position_embeddings":16} """);
        yield return ("LlamaForCausalLM", "llama", Sizes + ""","head_dim":16,"rope_parameters":{"rope_type":"yarn","rope_theta":50,"factor":4,"beta_fast":2,"beta_slow":0.5,"truncate":false,"mscale":0.7,"mscale_all_dim":0.4,"original_max_position_embeddings":24} """);
        yield return ("LlamaForCausalLM", "llama", Sizes + ""","head_dim":16,"rope_scaling":{"type":"yarn","factor":null,"attention_factor":0.8,"beta_fast":3,"original_max_position_embeddings":8} """);
        yield return ("MistralForCausalLM", "mistral", Sizes + ""","num_key_value_heads":1,"sliding_window":3,"rms_norm_eps":0.01 """);
        yield return ("MixtralForCausalLM", "mixtral", Sizes + ""","num_local_experts":5,"num_experts_per_tok":3,"sliding_window":4,"num_key_value_heads":2 """);
        yield return ("Qwen2ForCausalLM", "qwen2", Sizes + ""","use_sliding_window":true,"sliding_window":2,"max_window_layers":1,"hidden_act":"gelu" """);
        yield return ("Qwen2ForCausalLM", "qwen2", Sizes + ""","use_sliding_window":true,"sliding_window":2,"layer_types":["sliding_attention","full_attention","full_attention"] """);
        yield return ("Qwen3ForCausalLM", "qwen3", Sizes + ""","head_dim":6,"num_key_value_heads":2,"attention_bias":true """);
        yield return ("GemmaForCausalLM", "gemma", Sizes + ""","head_dim":8,"num_key_value_heads":1,"attention_bias":true,"hidden_act":"gelu" """);
        yield return ("Gemma2ForCausalLM", "gemma2", Sizes + ""","head_dim":8,"sliding_window":3,"query_pre_attn_scalar":11,"attn_logit_softcapping":2.5,"final_logit_softcapping":null """);
        yield return ("Gemma2ForCausalLM", "gemma2", Sizes + ""","head_dim":4,"sliding_window":3,"layer_types":["full_attention","sliding_attention","sliding_attention"],"hidden_activation":"relu" """);
        yield return ("Gemma3ForCausalLM", "gemma3_text", Sizes + ""","head_dim":8,"sliding_window":3,"sliding_window_pattern":2,"rope_local_base_freq":200,"rope_theta":900,"rope_scaling":{"rope_type":"linear","factor":8},"query_pre_attn_scalar":10 """);
        yield return ("Gemma3ForCausalLM", "gemma3_text", Sizes + ""","head_dim":8,"sliding_window":3,"layer_types":["full_attention","sliding_attention","full_attention"],"rope_parameters":{"full_attention":{"rope_type":"linear","factor":2,"rope_theta":900},"sliding_attention":{"rope_type":"default","rope_theta":60}} """);
        yield return ("PhiForCausalLM", "phi", Sizes + ""","head_dim":8,"partial_rotary_factor":0.75,"qk_layernorm":true,"num_key_value_heads":2,"layer_norm_eps":0.01 """);
        yield return ("Phi3ForCausalLM", "phi3", Sizes + ""","head_dim":8,"num_key_value_heads":2,"sliding_window":5,"partial_rotary_factor":0.75,"original_max_position_embeddings":16,"rope_scaling":{"type":"longrope","short_factor":[1,1.5,2],"long_factor":[2,5,9]} """);
        yield return ("Phi3ForCausalLM", "phi3", Sizes + ""","head_dim":6,"rope_parameters":{"rope_type":"longrope","rope_theta":500,"original_max_position_embeddings":8,"short_factor":[1,1.5,2],"long_factor":[2,5,9]} """);
        yield return ("Olmo2ForCausalLM", "olmo2", Sizes + ""","num_key_value_heads":2,"head_dim":6,"attention_bias":true """);
        yield return ("StableLmForCausalLM", "stablelm", Sizes + ""","head_dim":8,"use_parallel_residual":true,"qk_layernorm":true,"use_qkv_bias":true,"num_key_value_heads":2,"layer_norm_eps":0.001 """);
        yield return ("StableLmForCausalLM", "stablelm", Sizes + ""","head_dim":8,"partial_rotary_factor":0.5,"rope_scaling":{"type":"linear","factor":2},"layer_norm_eps":0.00001 """);
        yield return ("SmolLM3ForCausalLM", "smollm3", Sizes + ""","num_key_value_heads":2,"no_rope_layers":[0,1,0],"use_sliding_window":true,"sliding_window":2,"attention_bias":true,"mlp_bias":true,"head_dim":6 """);
        yield return ("SmolLM3ForCausalLM", "smollm3", Sizes + ""","no_rope_layer_interval":3,"rope_theta":500,"tie_word_embeddings":false,"head_dim":4 """);
        yield return ("Starcoder2ForCausalLM", "starcoder2", Sizes + ""","use_bias":false,"sliding_window":3,"norm_epsilon":0.001,"tie_word_embeddings":false,"head_dim":6,"hidden_act":"gelu" """);
        yield return ("GraniteForCausalLM", "granite", Sizes + ""","attention_bias":true,"mlp_bias":true,"embedding_multiplier":3,"residual_multiplier":0.4,"attention_multiplier":0.2,"logits_scaling":5,"num_key_value_heads":2,"head_dim":6 """);
    }
}
