using System.Globalization;
using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>Writes checkpoint folders of seeded random float32 weights, as other tools would have saved them.</summary>
internal static class BenchmarkCheckpoint
{
    /// <summary>One file in GPT-2's names and layouts, the head tied.</summary>
    /// <returns>The folder.</returns>
    public static string Gpt2(string folder, ModelConfig shape, CancellationToken cancellation)
    {
        var (width, mlp) = (shape.Width, shape.MlpWidth);
        var sizes = new Dictionary<string, long[]> { ["wte.weight"] = [shape.VocabularySize, width], ["wpe.weight"] = [shape.ContextLength, width], ["ln_f.weight"] = [width], ["ln_f.bias"] = [width] };
        for (var layer = 0; layer < shape.LayerCount; layer++)
        {
            foreach (var (part, rows, columns) in new[] { ("attn.c_attn", width, 3 * width), ("attn.c_proj", width, width), ("mlp.c_fc", width, mlp), ("mlp.c_proj", mlp, width) })
            {
                sizes.Add($"h.{layer}.{part}.weight", [rows, columns]);
                sizes.Add($"h.{layer}.{part}.bias", [columns]);
            }

            foreach (var norm in new[] { "ln_1", "ln_2" })
            {
                sizes.Add($"h.{layer}.{norm}.weight", [width]);
                sizes.Add($"h.{layer}.{norm}.bias", [width]);
            }
        }

        Prepare(folder, sizes, new JsonObject
        {
            ["model_type"] = "gpt2",
            ["n_layer"] = shape.LayerCount,
            ["n_embd"] = width,
            ["n_head"] = shape.HeadCount,
            ["n_inner"] = mlp,
            ["n_positions"] = shape.ContextLength,
            ["vocab_size"] = shape.VocabularySize,
            ["activation_function"] = "gelu_new",
        });
        Write(Path.Combine(folder, "model.safetensors"), sizes, cancellation);
        return folder;
    }

    /// <summary>Shards with an index in Llama's names and layouts: queries, keys and values apart, the head tied.</summary>
    /// <returns>The folder.</returns>
    public static string Llama(string folder, ModelConfig shape, int shards, CancellationToken cancellation)
    {
        var (width, mlp) = (shape.Width, shape.MlpWidth * 2 / 3);
        var sizes = new Dictionary<string, long[]> { ["model.embed_tokens.weight"] = [shape.VocabularySize, width], ["model.norm.weight"] = [width] };
        for (var layer = 0; layer < shape.LayerCount; layer++)
        {
            var name = $"model.layers.{layer}";
            foreach (var letter in "qkvo")
            {
                sizes.Add($"{name}.self_attn.{letter}_proj.weight", [width, width]);
            }

            sizes.Add($"{name}.mlp.gate_proj.weight", [mlp, width]);
            sizes.Add($"{name}.mlp.up_proj.weight", [mlp, width]);
            sizes.Add($"{name}.mlp.down_proj.weight", [width, mlp]);
            sizes.Add($"{name}.input_layernorm.weight", [width]);
            sizes.Add($"{name}.post_attention_layernorm.weight", [width]);
        }

        Prepare(folder, sizes, new JsonObject
        {
            ["model_type"] = "llama",
            ["num_hidden_layers"] = shape.LayerCount,
            ["hidden_size"] = width,
            ["intermediate_size"] = mlp,
            ["num_attention_heads"] = shape.HeadCount,
            ["max_position_embeddings"] = shape.ContextLength,
            ["vocab_size"] = shape.VocabularySize,
            ["tie_word_embeddings"] = true,
        });
        var map = new JsonObject();
        foreach (var (shard, index) in sizes.Chunk((sizes.Count + shards - 1) / shards).Select((shard, index) => (shard, index)))
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"model-{index + 1:D5}-of-{shards:D5}.safetensors");
            Write(Path.Combine(folder, file), shard.ToDictionary(), cancellation);
            foreach (var (name, _) in shard)
            {
                map.Add(name, file);
            }
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        return folder;
    }

    private static void Prepare(string folder, Dictionary<string, long[]> sizes, JsonObject config)
    {
        Directory.CreateDirectory(folder);
        var bytes = sizes.Values.Sum(shape => shape.Aggregate(4L, (a, b) => a * b));
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes + (bytes / 4))
        {
            throw new InterpException($"{folder}: {bytes / 1_000_000} MB are to be written there and {free / 1_000_000} MB are free: make room, or let TMPDIR name another folder");
        }

        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
    }

    private static void Write(string path, Dictionary<string, long[]> sizes, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0, CPU);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, shape) in sizes)
        {
            cancellation.ThrowIfCancellationRequested();
            tensors.Add(name, randn(shape, generator: generator).mul_(0.02));
        }

        SafetensorsWriter.Write(path, tensors);
    }
}
