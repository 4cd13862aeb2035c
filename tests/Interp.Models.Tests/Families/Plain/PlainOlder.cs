using System.Text.Json.Nodes;
using static Interp.Models.Tests.Families.Plain.PlainMath;

namespace Interp.Models.Tests.Families.Plain;

/// <summary>GPT-2, GPT-Neo, GPT-J, GPT-NeoX, OPT and BLOOM by their equations, from Hugging Face's tensor names, in double loops.</summary>
internal sealed class PlainOlder(JsonObject config, PlainWeights weights)
{
    private readonly string _type = (string)config["model_type"]!;
    private readonly int _width = (int)(config["hidden_size"] ?? config["n_embd"])!;
    private readonly int _heads = (int)(config["num_attention_heads"] ?? config["n_head"] ?? config["num_heads"])!;
    private readonly int _layers = (int)(config["num_hidden_layers"] ?? config["n_layer"] ?? config["num_layers"])!;

    private int HeadWidth => _width / _heads;

    private int Mlp => (int?)(config["n_inner"] ?? config["intermediate_size"] ?? config["ffn_dim"]) ?? 4 * _width;

    private double Epsilon => (double?)(config["layer_norm_epsilon"] ?? config["layer_norm_eps"]) ?? 1e-5;

    private string Prefix => _type switch { "gpt_neox" => "gpt_neox.", "opt" => "model.decoder.", _ => "transformer." };

    private string Activation => (string?)(config["activation_function"] ?? config["hidden_act"]) ?? "gelu_new";

    private bool Flag(string key, bool fallback) => (bool?)config[key] ?? fallback;

    /// <summary>[p][V].</summary>
    public double[][] Logits(int[] ids)
    {
        var vocabulary = (int)config["vocab_size"]!;
        var inner = (int?)config["word_embed_proj_dim"] ?? _width;
        var tableName = Prefix + _type switch { "gpt_neox" => "embed_in", "opt" => "embed_tokens", "bloom" => "word_embeddings", _ => "wte" } + ".weight";
        var table = weights.Take(tableName, vocabulary, inner);
        var x = ids.Select((id, p) => Embed(table[(id * inner)..((id + 1) * inner)], inner, p)).ToArray();
        for (var layer = 0; layer < _layers; layer++)
        {
            x = _type == "opt" && !Flag("do_layer_norm_before", true) ? After(x, layer) : Before(x, layer);
        }

        if (!(_type == "opt" && (!Flag("do_layer_norm_before", true) || Flag("_remove_final_layer_norm", false))))
        {
            x = [.. x.Select(row => Norm(row, Prefix + (_type switch { "gpt_neox" or "opt" => "final_layer_norm", _ => "ln_f" })))];
        }

        x = inner == _width ? x : [.. x.Select(row => Linear(row, weights.Take(Prefix + "project_out.weight", inner, _width)))];
        var isTied = Flag("tie_word_embeddings", _type is not ("gptj" or "gpt_neox"));
        var head = isTied ? table : weights.Take(_type == "gpt_neox" ? "embed_out.weight" : "lm_head.weight", vocabulary, inner);
        var bias = _type == "gptj" ? weights.Take("lm_head.bias", vocabulary) : null;
        return [.. x.Select(row => Linear(row, head, bias))];
    }

    private double[] Embed(double[] row, int inner, int position)
    {
        if (inner != _width)
        {
            row = Linear(row, weights.Take(Prefix + "project_in.weight", _width, inner));
        }

        var (name, skipped, context) = _type switch
        {
            "opt" => ("embed_positions.weight", 2, (int)config["max_position_embeddings"]!),
            "gpt2" => ("wpe.weight", 0, (int)config["n_positions"]!),
            "gpt_neo" => ("wpe.weight", 0, (int)config["max_position_embeddings"]!),
            _ => ("", 0, 0),
        };
        if (name.Length > 0)
        {
            var at = position + skipped;
            return Add(row, weights.Take(Prefix + name, context + skipped, _width)[(at * _width)..((at + 1) * _width)]);
        }

        return _type == "bloom" ? Norm(row, Prefix + "word_embeddings_layernorm") : row;
    }

    private double[][] Before(double[][] x, int layer)
    {
        var name = Prefix + (_type is "gpt_neox" or "opt" ? $"layers.{layer}" : $"h.{layer}");
        var (first, second) = _type switch
        {
            "gpt_neox" or "bloom" => ("input_layernorm", "post_attention_layernorm"),
            "opt" => ("self_attn_layer_norm", "final_layer_norm"),
            "gptj" => ("ln_1", "ln_1"),
            _ => ("ln_1", "ln_2"),
        };
        var attention = Attention([.. x.Select(row => Norm(row, $"{name}.{first}"))], name, layer);
        var mid = x.Zip(attention, Add).ToArray();
        var read = _type == "gptj" || (_type == "gpt_neox" && Flag("use_parallel_residual", true)) ? x : mid;
        return [.. mid.Zip(read, (m, r) => Add(m, FeedForward(Norm(r, $"{name}.{second}"), name)))];
    }

    private double[][] After(double[][] x, int layer)
    {
        var name = Prefix + $"layers.{layer}";
        var mid = x.Zip(Attention(x, name, layer), Add).Select(row => Norm(row, $"{name}.self_attn_layer_norm")).ToArray();
        return [.. mid.Select(row => Norm(Add(row, FeedForward(row, name)), $"{name}.final_layer_norm"))];
    }

    private double[][] Attention(double[][] x, string block, int layer)
    {
        var (h, d) = (HeadWidth, _width);
        var queries = new double[x.Length][];
        var (keys, values) = (new double[x.Length][], new double[x.Length][]);
        for (var p = 0; p < x.Length; p++)
        {
            (queries[p], keys[p], values[p]) = Project(x[p], block);
            if (_type is "gptj" or "gpt_neox")
            {
                Turn(queries[p], p, x.Length);
                Turn(keys[p], p, x.Length);
            }
        }

        var scale = _type == "gpt_neo" || (_type == "gpt2" && !Flag("scale_attn_weights", true)) ? 1 : 1 / Math.Sqrt(h);
        var mixed = new PlainAttention(_heads, _heads, h)
        {
            Scale = Flag("scale_attn_by_inverse_layer_idx", false) ? scale / (layer + 1) : scale,
            Window = _type == "gpt_neo" && IsLocal(layer) ? (int?)config["window_size"] ?? 256 : null,
            HasSlopes = _type == "bloom",
        }.Apply(queries, keys, values);
        return [.. mixed.Select(z => _type switch
        {
            "gpt2" => Convolution(z, weights.Take($"{block}.attn.c_proj.weight", d, d), weights.Take($"{block}.attn.c_proj.bias", d)),
            "gpt_neo" => Line(z, $"{block}.attn.attention.out_proj", d, true),
            "gptj" => Line(z, $"{block}.attn.out_proj", d, false),
            "gpt_neox" => Line(z, $"{block}.attention.dense", d, Flag("attention_bias", true)),
            "bloom" => Line(z, $"{block}.self_attention.dense", d, true),
            _ => Line(z, $"{block}.self_attn.out_proj", d, Flag("enable_bias", true)),
        })];
    }

    private (double[] Query, double[] Key, double[] Value) Project(double[] row, string block)
    {
        var (h, d) = (HeadWidth, _width);
        if (_type == "gpt2")
        {
            var all = Convolution(row, weights.Take($"{block}.attn.c_attn.weight", d, 3 * d), weights.Take($"{block}.attn.c_attn.bias", 3 * d));
            return (all[..d], all[d..(2 * d)], all[(2 * d)..]);
        }

        if (_type is "gpt_neox" or "bloom")
        {
            var all = _type == "bloom" ? Line(row, $"{block}.self_attention.query_key_value", 3 * d, true) : Line(row, $"{block}.attention.query_key_value", 3 * d, Flag("attention_bias", true));
            double[] Third(int third) => [.. Enumerable.Range(0, _heads).SelectMany(head => all[(((head * 3) + third) * h)..(((head * 3) + third + 1) * h)])];
            return (Third(0), Third(1), Third(2));
        }

        var (name, bias) = _type switch { "gpt_neo" => ("attn.attention", false), "gptj" => ("attn", false), _ => ("self_attn", Flag("enable_bias", true)) };
        return (Line(row, $"{block}.{name}.q_proj", d, bias), Line(row, $"{block}.{name}.k_proj", d, bias), Line(row, $"{block}.{name}.v_proj", d, bias));
    }

    private void Turn(double[] row, int position, int length)
    {
        var h = HeadWidth;
        var five = config["rope_parameters"] as JsonObject;
        var dimensions = _type == "gptj" ? (int)config["rotary_dim"]! : (int)Math.Floor(h * ((double?)five?["partial_rotary_factor"] ?? (double?)config["rotary_pct"] ?? 0.25));
        var theta = (double?)five?["rope_theta"] ?? (double?)config["rotary_emb_base"] ?? 10_000;
        var (frequencies, factor) = PlainRotary.Of(five ?? config["rope_scaling"] as JsonObject, theta, dimensions, (int?)config["max_position_embeddings"] ?? 2048, null, length);
        for (var head = 0; head < _heads; head++)
        {
            Rotate(row.AsSpan(head * h, h), position, frequencies, factor, _type == "gptj");
        }
    }

    private double[] FeedForward(double[] row, string block)
    {
        var (d, m) = (_width, Mlp);
        double[] Acted(double[] neurons) => [.. neurons.Select(n => Act(Activation, n))];
        if (_type == "gpt2")
        {
            var neurons = Convolution(row, weights.Take($"{block}.mlp.c_fc.weight", d, m), weights.Take($"{block}.mlp.c_fc.bias", m));
            return Convolution(Acted(neurons), weights.Take($"{block}.mlp.c_proj.weight", m, d), weights.Take($"{block}.mlp.c_proj.bias", d));
        }

        var (first, second, bias) = _type switch
        {
            "gpt_neo" => ("mlp.c_fc", "mlp.c_proj", true),
            "gptj" => ("mlp.fc_in", "mlp.fc_out", true),
            "opt" => ("fc1", "fc2", Flag("enable_bias", true)),
            _ => ("mlp.dense_h_to_4h", "mlp.dense_4h_to_h", true),
        };
        return Line(Acted(Line(row, $"{block}.{first}", m, bias)), $"{block}.{second}", d, bias);
    }

    private bool IsLocal(int layer)
    {
        var kinds = config["attention_types"]!.AsArray().SelectMany(group => Enumerable.Repeat(group![0]!.AsArray(), (int)group[1]!)).SelectMany(group => group).ToList();
        return (string)kinds[layer]! == "local";
    }

    private double[] Line(double[] row, string name, int outputs, bool bias) =>
        Linear(row, weights.Take($"{name}.weight", outputs, row.Length), bias ? weights.Take($"{name}.bias", outputs) : null);

    private double[] Norm(double[] row, string name) => Flag("layer_norm_elementwise_affine", true)
        ? LayerNorm(row, Epsilon, weights.Norm($"{name}.weight", _width), weights.Take($"{name}.bias", _width))
        : LayerNorm(row, Epsilon, null, null);
}
