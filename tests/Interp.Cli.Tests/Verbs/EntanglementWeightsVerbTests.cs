using System.Text.Json;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Verbs;

public sealed class EntanglementWeightsVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_has_profiles_of_its_rank()
    {
        using var generator = new Generator(1);
        using var a = randn([2, 8], generator: generator);
        using var b = randn([16, 2], generator: generator);
        var adapter = Directory.CreateDirectory(_folder["adapter"]).FullName;
        SafetensorsWriter.Write(Path.Combine(adapter, "adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            ["base_model.model.h.0.attn.lora_A.weight"] = a,
            ["base_model.model.h.0.attn.lora_B.weight"] = b,
        });
        var profile = Json("entanglement", "lora", adapter, "--surrogates", "0").GetProperty("profiles")[0];
        Assert.Equal("h.0.attn", profile.GetProperty("name").GetString());
        Assert.Equal((16, 8, 2), (profile.GetProperty("rows").GetInt32(), profile.GetProperty("columns").GetInt32(), profile.GetProperty("rank").GetInt32()));
        Assert.Equal(JsonValueKind.Null, profile.GetProperty("surrogates").ValueKind);
    }

    [Fact]
    public void A_model_less_itself_has_no_profiles()
    {
        var result = Json("entanglement", "delta", "clock-59", "clock-59", "--matrices", "*.W_in");
        Assert.Equal(0, result.GetProperty("profiles").GetArrayLength());
        Assert.Equal("blocks.0.mlp.W_in", result.GetProperty("undefined")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Missing_words_are_wrong_usage_and_missing_folders_a_failure()
    {
        Assert.Equal(2, InProcess.Run("entanglement", "delta", "clock-59").Status);
        var missing = InProcess.Run("entanglement", "lora", _folder["nothing"], "--workspace", _folder["w"]);
        Assert.Equal(1, missing.Status);
        Assert.Single(missing.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private JsonElement Json(params string[] words)
    {
        var finished = InProcess.Run([.. words, "--workspace", _folder["w"], "--json"]);
        Assert.True(finished.Status == 0, finished.Error);
        return JsonDocument.Parse(finished.Output).RootElement;
    }
}
