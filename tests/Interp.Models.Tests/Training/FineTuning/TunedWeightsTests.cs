using System.Text.Json;
using Interp.Compute;
using Interp.Models.Adapters;
using Interp.Models.Training;
using Interp.Models.Training.FineTuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training.FineTuning;

public sealed class TunedWeightsTests : IDisposable
{
    /// <summary>Float32 sums in another order.</summary>
    private const double Rounding = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Families =>
    [
        "bloom", "gemma", "gemma2", "gemma3", "gpt2", "gpt_neo", "gpt_neox", "gptj", "granite", "llama", "mistral", "mixtral", "olmo2", "opt", "phi", "phi3",
        "qwen2", "qwen3", "smollm3", "stablelm", "starcoder2",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void An_adapter_of_every_matrix_gives_the_same_logits_live_loaded_and_merged(string family) =>
        AssertSame(Folder(family), new FineTuneOptions { Targets = ["all-linear"], Rank = 2, Alpha = 6 });

    [Theory]
    [MemberData(nameof(Families))]
    public void Norms_trained_whole_beside_an_adapter_are_saved_with_it(string family) =>
        AssertSame(Folder(family), new FineTuneOptions { Targets = ["attention"], Rank = 2, ModulesToSave = ["norms"] });

    [Theory]
    [InlineData("llama", "embed_tokens")]
    [InlineData("gpt2", "wte")]
    [InlineData("gemma2", "model.norm")]
    [InlineData("qwen3", "layers.0.input_layernorm")]
    public void Single_modules_are_saved_beside_an_adapter_and_a_tied_embedding_stays_tied(string family, string module)
    {
        AssertSame(Folder(family), new FineTuneOptions { Rank = 2, ModulesToSave = [module] });
        var saved = JsonDocument.Parse(File.ReadAllText(At("adapter/adapter_config.json"))).RootElement.GetProperty("modules_to_save");
        Assert.EndsWith(module, Assert.Single(saved.EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MpsLayout.RankOnFirstCore)]
    [InlineData(MpsLayout.RankOnSecondCore)]
    public void A_matrix_product_state_is_an_adapter_like_any_other(MpsLayout layout) =>
        AssertSame(TinyModels.Folder("llama"), new FineTuneOptions { Method = FineTuneMethod.Mps, Rank = 3, Bond = 2, MpsLayout = layout });

    [Fact]
    public void Toy_transformers_take_adapters_by_head() =>
        AssertSame(TinyModels.Clock, new FineTuneOptions { Targets = ["all-linear"], Rank = 2, RankStabilised = true }, 3);

    [Fact]
    public void Queries_and_values_are_the_targets_where_none_is_named()
    {
        using var llama = TrainableModel.Load(TinyModels.Folder("llama"));
        using var tuned = TunedWeights.Create(llama, "llama", new FineTuneOptions { Rank = 2 });
        Assert.All(tuned.Modules, path => Assert.Matches("(q|v)_proj$", path));
        Assert.Equal(2 * llama.Config.LayerCount, tuned.Modules.Count);
        using var fused = TrainableModel.Load(Folder("gpt_neox"));
        using var other = TunedWeights.Create(fused, "gpt_neox", new FineTuneOptions { Rank = 2 });
        Assert.All(other.Modules, path => Assert.EndsWith("query_key_value", path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("gemma2")]
    [InlineData("mixtral")]
    public void Full_tuning_takes_every_weight_that_is_read(string family)
    {
        using var model = TrainableModel.Load(Folder(family));
        using var tuned = TunedWeights.Create(model, family, new FineTuneOptions { Method = FineTuneMethod.Full });
        using var loaded = LanguageModel.Load(Folder(family));
        Assert.Equal(loaded.ParameterCount, tuned.Parameters.Values.Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Unknown_targets_and_too_large_ranks_are_refused()
    {
        using var model = TrainableModel.Load(TinyModels.Folder("llama"));
        Assert.Contains("q_proj", Assert.ThrowsAny<InterpException>(() => TunedWeights.Create(model, "llama", new FineTuneOptions { Targets = ["query"] })).Message, StringComparison.Ordinal);
        Assert.Contains("at most", Assert.ThrowsAny<InterpException>(() => TunedWeights.Create(model, "llama", new FineTuneOptions { Rank = 4096 })).Message, StringComparison.Ordinal);
        Assert.Contains("input_layernorm", Assert.ThrowsAny<InterpException>(() => TunedWeights.Create(model, "llama", new FineTuneOptions { ModulesToSave = ["gain"] })).Message, StringComparison.Ordinal);
        Assert.Contains("has an adapter", Assert.ThrowsAny<InterpException>(() => TunedWeights.Create(model, "llama", new FineTuneOptions { Rank = 2, ModulesToSave = ["q_proj"] })).Message, StringComparison.Ordinal);
        Assert.Contains("every module", Assert.ThrowsAny<InterpException>(() =>
            TunedWeights.Create(model, "llama", new FineTuneOptions { Method = FineTuneMethod.Full, ModulesToSave = ["norms"] })).Message, StringComparison.Ordinal);
        Assert.Contains("divisor", Assert.ThrowsAny<InterpException>(() =>
            TunedWeights.Create(model, "llama", new FineTuneOptions { Method = FineTuneMethod.Mps, Rank = 2, FirstSite = 7 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_trained_are_those_of_the_formula()
    {
        using var model = TrainableModel.Load(TinyModels.Folder("llama"));
        var (rows, inputs, rank, bond, d1) = (model.Config.HeadCount * model.Config.HeadWidth, model.Config.Width, 4, 3, 6);
        using var tuned = TunedWeights.Create(model, "llama", new FineTuneOptions { Method = FineTuneMethod.Mps, Rank = rank, Bond = bond, FirstSite = d1, Targets = ["layers.0.self_attn.q_proj"] });
        Assert.Equal((rank * rows) + (rank * d1 * bond) + (bond * inputs / d1), tuned.Parameters.Values.Sum(parameter => parameter.numel()));
    }

    private static string Folder(string family) => family is "gpt2" or "llama" ? TinyModels.Folder(family) : SharedFiles.Require("models", "tiny", family);

    private void AssertSame(string family, FineTuneOptions options, int positions = 7)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = TrainableModel.Load(family);
        using var tuned = TunedWeights.Create(model, Path.GetFileName(family), options);
        manual_seed(5);
        foreach (var (name, parameter) in tuned.Parameters)
        {
            if (name.EndsWith(".B", StringComparison.Ordinal))
            {
                parameter.normal_(0, 0.1);
            }
            else if (model.Tensors.ContainsKey(name))
            {
                parameter.add_(randn_like(parameter) * 0.1);
            }
        }

        var ids = randint(0, Math.Min(model.Config.VocabularySize, 59), [2, positions], dtype: ScalarType.Int64);
        var live = model.Logits(ids, tuned.Change);
        Assert.True(TinyModels.Difference(live, model.Logits(ids)) > 1e-3);
        var adapter = Directory.CreateDirectory(At("adapter")).FullName;
        tuned.Write(adapter);
        using var loaded = LanguageModel.Load(family, new ModelLoadOptions { Adapter = adapter });
        Assert.Empty(loaded.Warnings);
        using var first = loaded.Run(ids);
        Assert.InRange(TinyModels.Difference(first.Logits!, live), 0, Rounding);
        MergedCheckpoint.Write(family, adapter, At("merged"));
        using var merged = LanguageModel.Load(At("merged"));
        using var second = merged.Run(ids);
        Assert.InRange(TinyModels.Difference(second.Logits!, live), 0, Rounding);
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
