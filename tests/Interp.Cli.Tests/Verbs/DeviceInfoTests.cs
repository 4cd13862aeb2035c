using System.Text.Json;

namespace Interp.Cli.Tests.Verbs;

public sealed class DeviceInfoTests
{
    [Fact]
    public void What_computes_here_is_told_in_words_and_as_a_record()
    {
        var report = JsonDocument.Parse(InProcess.Run("info", "--device", "--json").Output).RootElement;
        Assert.Equal(report.GetProperty("whyNoGpu").ValueKind == JsonValueKind.Null, report.GetProperty("device").GetString() != "cpu");
        Assert.True(Directory.Exists(report.GetProperty("torchFolder").GetString()));
        Assert.Equal(JsonValueKind.Array, report.GetProperty("gpus").ValueKind);
        var (status, output, _) = InProcess.Run("info", "--device");
        Assert.Equal(0, status);
        Assert.Contains("libtorch: ", output, StringComparison.Ordinal);
        Assert.Contains("driver: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_a_model_nor_the_question_is_wrong_usage()
    {
        var (status, _, error) = InProcess.Run("info");
        Assert.Equal(2, status);
        Assert.Contains("name a model, or ask with --device", error, StringComparison.Ordinal);
    }
}
