using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Families;

/// <summary>Every family against transformers in eager mode: logits, hidden states and attentions; and TransformerLens's hooks where there are some.</summary>
public sealed class FamilyParityTests
{
    /// <summary>Float32 rounding over three to six layers.</summary>
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Families =>
    [
        "bloom", "gemma", "gemma2", "gemma3", "gpt2", "gpt_neo", "gpt_neox", "gptj", "granite", "llama", "llama3", "llama_yarn", "mistral", "mixtral",
        "olmo2", "opt", "phi", "phi3", "qwen2", "qwen3", "smollm3", "stablelm", "starcoder2",
    ];

    [Theory]
    [MemberData(nameof(Families))]
    public void Logits_hidden_states_and_attentions_equal_the_reference(string family)
    {
        var folder = SharedFiles.Require("models", "tiny", family);
        using var model = LanguageModel.Load(folder);
        using var reference = SafetensorsFile.Open(Path.Combine(folder, "reference.safetensors"));
        using var ids = reference.Read("input_ids");
        using var logits = reference.Read("logits");
        using var bare = model.Run(ids);
        Assert.InRange(TinyModels.Difference(bare.Logits!, logits), 0, Tolerance);

        using var result = model.Run(ids, new RunOptions { Capture = HookFilter.Names("blocks.*.hook_resid_pre", "unembed.hook_in", "blocks.*.attn.hook_pattern") });
        Assert.InRange(TinyModels.Difference(result.Logits!, logits), 0, Tolerance);
        using var scope = NewDisposeScope();
        var hidden = reference.Read("hidden_states");
        var attentions = reference.Read("attentions");
        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            Assert.InRange(TinyModels.Difference(result.Cache["resid_pre", layer], hidden[layer]), 0, Tolerance);
            Assert.InRange(TinyModels.Difference(result.Cache["pattern", layer], attentions[layer]), 0, 1e-5);
        }

        Assert.InRange(TinyModels.Difference(result.Cache["unembed.hook_in"], hidden[-1]), 0, Tolerance);
    }

    [Theory]
    [InlineData("gpt_neox")]
    [InlineData("gemma2")]
    public void Every_hook_equals_TransformerLens(string family)
    {
        var folder = SharedFiles.Require("models", "tiny", family);
        using var model = LanguageModel.Load(folder);
        using var reference = SafetensorsFile.Open(Path.Combine(folder, "hooks.safetensors"));
        using var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        var names = reference.Entries.Keys.Where(name => name != "logits").ToList();
        using var result = model.Run(ids, new RunOptions { Capture = HookFilter.Names(names) });
        foreach (var name in names)
        {
            using var expected = reference.Read(name);
            Assert.True(TinyModels.Difference(result.Cache[name], expected) <= Tolerance, $"{name} differs by {TinyModels.Difference(result.Cache[name], expected):g3}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Contributions_add_up_in_every_family(string family)
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "tiny", family), new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var ids = TinyModels.Ids([1, 2, 3, 4, 5, 6, 7, 8]);
        using var result = model.Run(ids, new RunOptions { Capture = HookFilter.Names("blocks.0.hook_resid_pre", "blocks.*.hook_attn_out", "blocks.*.hook_mlp_out", "blocks.*.hook_resid_post") });
        using var scope = NewDisposeScope();
        var sum = result.Cache["resid_pre", 0];
        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            sum = sum + result.Cache["attn_out", layer] + result.Cache["mlp_out", layer];
        }

        Assert.InRange(TinyModels.Difference(sum, result.Cache["resid_post", -1]), 0, 1e-12 * (1 + sum.abs().max().ToDouble()));
    }
}
