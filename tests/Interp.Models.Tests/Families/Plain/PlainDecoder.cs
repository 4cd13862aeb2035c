using System.Text.Json.Nodes;
using static Interp.Models.Tests.Families.Plain.PlainMath;

namespace Interp.Models.Tests.Families.Plain;

/// <summary>The families after Llama by their equations, from Hugging Face's tensor names, in double loops.</summary>
internal sealed class PlainDecoder(JsonObject config, PlainWeights weights)
{
    private readonly string _type = (string)config["model_type"]!;
    private readonly int _width = (int)config["hidden_size"]!;
    private readonly int _heads = (int)config["num_attention_heads"]!;
    private readonly int _layers = (int)config["num_hidden_layers"]!;

    private int KeyHeads => (int?)config["num_key_value_heads"] ?? _heads;

    private int HeadWidth => (int?)config["head_dim"] ?? _width / _heads;

    private int Mlp => (int)config["intermediate_size"]!;

    private bool IsGemma => _type.StartsWith("gemma", StringComparison.Ordinal);

    private bool HasLayerNorm => _type is "phi" or "stablelm" or "starcoder2";

    private double Epsilon => (double)(config[_type switch { "phi" or "stablelm" => "layer_norm_eps", "starcoder2" => "norm_epsilon", _ => "rms_norm_eps" }] ?? (_type is "phi3" or "olmo2" or "mixtral" || HasLayerNorm ? 1e-5 : 1e-6));

    private string Activation => (string?)config[IsGemma ? "hidden_activation" : "hidden_act"]
        ?? (IsGemma || _type == "starcoder2" ? "gelu_pytorch_tanh" : _type == "phi" ? "gelu_new" : "silu");

    /// <summary>[p][V].</summary>
    public double[][] Logits(int[] ids)
    {
        var vocabulary = (int)config["vocab_size"]!;
        var table = weights.Take("model.embed_tokens.weight", vocabulary, _width);
        var scale = IsGemma ? Math.Sqrt(_width) : Number("embedding_multiplier", 1);
        var x = ids.Select(id => Scale(table[(id * _width)..((id + 1) * _width)], scale)).ToArray();
        for (var layer = 0; layer < _layers; layer++)
        {
            x = Block(x, layer);
        }

        var isTied = (bool?)config["tie_word_embeddings"] ?? IsGemma || _type is "smollm3" or "starcoder2";
        var head = isTied ? table : weights.Take("lm_head.weight", vocabulary, _width);
        var bias = _type == "phi" ? weights.Take("lm_head.bias", vocabulary) : null;
        var cap = _type == "gemma2" && !config.ContainsKey("final_logit_softcapping") ? 30 : (double?)config["final_logit_softcapping"];
        return [.. x.Select(row =>
        {
            var logits = Scale(Linear(Norm(row, _type == "phi" ? "model.final_layernorm" : "model.norm"), head, bias), 1 / Number("logits_scaling", 1));
            return cap is { } c ? logits.Select(l => c * Math.Tanh(l / c)).ToArray() : logits;
        })];
    }

    private double[][] Block(double[][] x, int layer)
    {
        var name = $"model.layers.{layer}";
        var ρ = Number("residual_multiplier", 1);
        if (_type == "olmo2")
        {
            var mid = Sum(x, Attention(x, layer).Select(a => Norm(a, $"{name}.post_attention_layernorm")), 1);
            return Sum(mid, mid.Select(row => Norm(FeedForward(row, name), $"{name}.post_feedforward_layernorm")), 1);
        }

        var normed = x.Select(row => Norm(row, $"{name}.input_layernorm")).ToArray();
        var attention = Attention(normed, layer);
        if (_type == "phi" || (bool?)config["use_parallel_residual"] == true)
        {
            return Sum(Sum(x, attention, 1), normed.Select(row => FeedForward(row, name)), 1);
        }

        if (_type is "gemma2" or "gemma3_text")
        {
            var mid = Sum(x, attention.Select(a => Norm(a, $"{name}.post_attention_layernorm")), 1);
            return Sum(mid, mid.Select(row => Norm(FeedForward(Norm(row, $"{name}.pre_feedforward_layernorm"), name), $"{name}.post_feedforward_layernorm")), 1);
        }

        var middle = Sum(x, attention, ρ);
        return Sum(middle, middle.Select(row => FeedForward(Norm(row, $"{name}.post_attention_layernorm"), name)), ρ);
    }

    private double[][] Attention(double[][] x, int layer)
    {
        var name = $"model.layers.{layer}.self_attn";
        var (h, k) = (HeadWidth, KeyHeads);
        var qkvBias = _type switch
        {
            "qwen2" or "phi" => true,
            "stablelm" => (bool?)config["use_qkv_bias"] ?? false,
            "starcoder2" => (bool?)config["use_bias"] ?? true,
            _ => (bool?)config["attention_bias"] ?? false,
        };
        var outBias = _type switch { "qwen2" or "stablelm" => false, _ => qkvBias };
        double[] Part(double[] row, string part, int heads) =>
            Linear(row, weights.Take($"{name}.{part}.weight", heads * h, _width), qkvBias ? weights.Take($"{name}.{part}.bias", heads * h) : null);
        double[][] queries, keys, values;
        if (_type == "phi3")
        {
            var all = x.Select(row => Linear(row, weights.Take($"{name}.qkv_proj.weight", (_heads + (2 * k)) * h, _width))).ToArray();
            (queries, keys, values) = ([.. all.Select(a => a[..(_heads * h)])], [.. all.Select(a => a[(_heads * h)..((_heads + k) * h)])], [.. all.Select(a => a[((_heads + k) * h)..])]);
        }
        else
        {
            (queries, keys, values) = ([.. x.Select(row => Part(row, "q_proj", _heads))], [.. x.Select(row => Part(row, "k_proj", k))], [.. x.Select(row => Part(row, "v_proj", k))]);
        }

        for (var p = 0; p < x.Length; p++)
        {
            queries[p] = Turn(queries[p], $"{name}.q", p, layer, x.Length);
            keys[p] = Turn(keys[p], $"{name}.k", p, layer, x.Length);
        }

        var mixed = new PlainAttention(_heads, k, h)
        {
            Scale = _type switch { "granite" => Number("attention_multiplier", 1), "gemma2" or "gemma3_text" => 1 / Math.Sqrt(Number("query_pre_attn_scalar", 256)), _ => 1 / Math.Sqrt(h) },
            Window = IsWindowed(layer) ? (int?)config["sliding_window"] : null,
            Softcap = _type != "gemma2" ? null : config.ContainsKey("attn_logit_softcapping") ? (double?)config["attn_logit_softcapping"] : 50,
        }.Apply(queries, keys, values);
        var output = _type == "phi" ? "dense" : "o_proj";
        return [.. mixed.Select(z => Linear(z, weights.Take($"{name}.{output}.weight", _width, _heads * h), outBias ? weights.Take($"{name}.{output}.bias", _width) : null))];
    }

    /// <summary>Query or key norm, then rotation.</summary>
    private double[] Turn(double[] row, string name, int position, int layer, int length)
    {
        var h = HeadWidth;
        var heads = row.Length / h;
        if (_type == "olmo2")
        {
            row = RootMeanSquare(row, Epsilon, weights.Norm($"{name}_norm.weight", row.Length));
        }

        var result = new List<double>();
        for (var head = 0; head < heads; head++)
        {
            var part = row[(head * h)..((head + 1) * h)];
            part = _type switch
            {
                "qwen3" => RootMeanSquare(part, Epsilon, weights.Norm($"{name}_norm.weight", h)),
                "gemma3_text" => RootMeanSquare(part, Epsilon, weights.Norm($"{name}_norm.weight", h, 0), 1),
                "stablelm" when (bool?)config["qk_layernorm"] == true => LayerNorm(part, Epsilon, weights.Norm($"{name}_layernorm.norms.{head}.weight", h), null),
                "phi" when (bool?)config["qk_layernorm"] == true => LayerNorm(part, Epsilon, weights.Norm($"{name}_layernorm.weight", h), weights.Take($"{name}_layernorm.bias", h)),
                _ => part,
            };
            if (IsRotated(layer))
            {
                var (frequencies, factor) = Rotary(layer, length);
                Rotate(part, position, frequencies, factor, adjacent: false);
            }

            result.AddRange(part);
        }

        return [.. result];
    }

    private (double[] Frequencies, double Factor) Rotary(int layer, int length)
    {
        var five = config["rope_parameters"] as JsonObject;
        var isLocal = _type == "gemma3_text" && IsWindowed(layer);
        five = five?[isLocal ? "sliding_attention" : "full_attention"] as JsonObject ?? five;
        var scaling = five ?? (isLocal ? null : config["rope_scaling"] as JsonObject);
        var theta = (double?)five?["rope_theta"] ?? (isLocal ? Number("rope_local_base_freq", 10_000) : Number("rope_theta", _type switch { "smollm3" => 2e6, "mixtral" or "gemma3_text" => 1e6, _ => 10_000 }));
        var share = (double?)five?["partial_rotary_factor"] ?? Number("partial_rotary_factor", _type switch { "phi" => 0.5, "stablelm" => 0.25, _ => 1 });
        return PlainRotary.Of(scaling, theta, (int)Math.Floor(HeadWidth * share), (int)config["max_position_embeddings"]!, (int?)config["original_max_position_embeddings"], length);
    }

    private bool IsRotated(int layer) => _type != "smollm3" || (config["no_rope_layers"] is JsonArray flags ? (int)flags[layer]! != 0 : (layer + 1) % (int)Number("no_rope_layer_interval", 4) != 0);

    private bool IsWindowed(int layer)
    {
        if (config["layer_types"] is JsonArray types)
        {
            return (string)types[layer]! == "sliding_attention";
        }

        return _type switch
        {
            "mistral" or "mixtral" or "phi3" or "starcoder2" => true,
            "qwen2" or "qwen3" => (bool?)config["use_sliding_window"] == true && layer >= (int)Number("max_window_layers", 28),
            "smollm3" => (bool?)config["use_sliding_window"] == true && !IsRotated(layer),
            "gemma2" => layer % 2 == 0,
            "gemma3_text" => (layer + 1) % (int)Number("sliding_window_pattern", 6) != 0,
            _ => false,
        };
    }

    private double[] FeedForward(double[] row, string block)
    {
        var (name, d, m) = ($"{block}.mlp", _width, Mlp);
        if (_type == "mixtral")
        {
            return Experts(row, $"{block}.block_sparse_moe");
        }

        if (_type is "phi" or "starcoder2")
        {
            var (first, second) = _type == "phi" ? ("fc1", "fc2") : ("c_fc", "c_proj");
            var hasBias = _type == "phi" || ((bool?)config["use_bias"] ?? true);
            var neurons = Linear(row, weights.Take($"{name}.{first}.weight", m, d), hasBias ? weights.Take($"{name}.{first}.bias", m) : null);
            return Linear([.. neurons.Select(n => Act(Activation, n))], weights.Take($"{name}.{second}.weight", d, m), hasBias ? weights.Take($"{name}.{second}.bias", d) : null);
        }

        var bias = (bool?)config["mlp_bias"] == true;
        double[] gate, up;
        if (_type == "phi3")
        {
            var both = Linear(row, weights.Take($"{name}.gate_up_proj.weight", 2 * m, d));
            (gate, up) = (both[..m], both[m..]);
        }
        else
        {
            gate = Linear(row, weights.Take($"{name}.gate_proj.weight", m, d), bias ? weights.Take($"{name}.gate_proj.bias", m) : null);
            up = Linear(row, weights.Take($"{name}.up_proj.weight", m, d), bias ? weights.Take($"{name}.up_proj.bias", m) : null);
        }

        return Linear([.. gate.Zip(up, (g, u) => Act(Activation, g) * u)], weights.Take($"{name}.down_proj.weight", d, m), bias ? weights.Take($"{name}.down_proj.bias", d) : null);
    }

    private double[] Experts(double[] row, string name)
    {
        var (count, top) = ((int)config["num_local_experts"]!, (int)config["num_experts_per_tok"]!);
        var router = Linear(row, weights.Take($"{name}.gate.weight", count, _width));
        var every = Enumerable.Range(0, count).Select(e => (
            Chance: Math.Exp(router[e]),
            Gate: weights.Take($"{name}.experts.{e}.w1.weight", Mlp, _width),
            Up: weights.Take($"{name}.experts.{e}.w3.weight", Mlp, _width),
            Down: weights.Take($"{name}.experts.{e}.w2.weight", _width, Mlp))).ToList();
        var chosen = every.OrderByDescending(e => e.Chance).Take(top).ToList();
        var total = chosen.Sum(e => e.Chance);
        return chosen.Select(e => Scale(Linear([.. Linear(row, e.Gate).Zip(Linear(row, e.Up), (g, u) => Act(Activation, g) * u)], e.Down), e.Chance / total)).Aggregate(Add);
    }

    private double[] Norm(double[] row, string name) => HasLayerNorm
        ? LayerNorm(row, Epsilon, weights.Norm($"{name}.weight", _width), weights.Take($"{name}.bias", _width))
        : RootMeanSquare(row, Epsilon, weights.Norm($"{name}.weight", _width, IsGemma ? 0 : 1), IsGemma ? 1 : 0);

    private double Number(string key, double fallback) => (double?)config[key] ?? fallback;

    private static double[][] Sum(double[][] x, IEnumerable<double[]> added, double factor) => [.. x.Zip(added, (a, b) => Add(a, Scale(b, factor)))];
}
