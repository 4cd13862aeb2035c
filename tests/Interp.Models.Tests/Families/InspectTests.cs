using Interp.Models.Checkpoints;
using TorchSharp;

namespace Interp.Models.Tests.Families;

public sealed class InspectTests
{
    public static TheoryData<string> Folders => [TinyModels.Clock, TinyModels.Folder("gpt2"), TinyModels.Folder("llama")];

    [Theory]
    [MemberData(nameof(Folders))]
    public void What_headers_say_is_what_the_loaded_model_says(string folder)
    {
        using var loaded = LanguageModel.Load(folder);
        using var inspected = LanguageModel.Inspect(folder);
        Assert.Equal(loaded.Config, inspected.Config);
        Assert.Equal(loaded.ParameterCount, inspected.ParameterCount);
        Assert.Equal(loaded.Task, inspected.Task);
        Assert.Equal(loaded.HookPoints, inspected.HookPoints);
        Assert.Equal(loaded.Parameters.Select(pair => (pair.Key, string.Join(',', pair.Value.shape))), inspected.Parameters.Select(pair => (pair.Key, string.Join(',', pair.Value.shape))));
        Assert.Equal(DeviceType.META, inspected.Device.type);
    }

    [Fact]
    public void Weights_of_the_wrong_shape_are_refused_without_reading_them()
    {
        var folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
        try
        {
            File.Copy(Path.Combine(TinyModels.Folder("gpt2"), "model.safetensors"), Path.Combine(folder, "model.safetensors"));
            File.WriteAllText(Path.Combine(folder, "config.json"), File.ReadAllText(Path.Combine(TinyModels.Folder("llama"), "config.json")));
            Assert.Contains("do not fit", Assert.Throws<CheckpointException>(() => LanguageModel.Inspect(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
