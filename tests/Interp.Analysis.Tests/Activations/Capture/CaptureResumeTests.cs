using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;

namespace Interp.Analysis.Tests.Activations.Capture;

public sealed class CaptureResumeTests : CaptureParts
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_stopped_capture_goes_on_to_the_same_bytes(int batches)
    {
        var whole = Capture("whole");
        StopAfter(batches, "stopped");
        AssertSameResult(whole, Capture("stopped", Options with { Resume = true }));
        AssertSameFiles("whole", "stopped");
    }

    [Fact]
    public void What_a_killed_process_half_wrote_is_cleared_away()
    {
        var whole = Capture("whole");
        StopAfter(3, "stopped");
        File.WriteAllText(Path.Combine(At("stopped"), "activations-00009.safetensors.1234.tmp"), "half");
        File.WriteAllText(Path.Combine(At("stopped"), "activations-00008.safetensors"), "not listed");
        AssertSameResult(whole, Capture("stopped", Options with { Resume = true }));
        AssertSameFiles("whole", "stopped");
    }

    [Fact]
    public void Without_resume_a_stopped_capture_is_begun_anew()
    {
        Capture("whole");
        StopAfter(3, "stopped");
        Capture("stopped");
        AssertSameFiles("whole", "stopped");
    }

    [Fact]
    public void Another_capture_is_not_continued()
    {
        StopAfter(3, "stopped");
        Assert.Contains("another model, text or other options", Refused(Options with { Resume = true, OutlierNorm = 2 }), StringComparison.Ordinal);
        Assert.Contains("another model, text or other options", Refused(Options with { Resume = true, Shard = "1/2" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_shards_and_rows_that_the_model_no_longer_gives_are_refused()
    {
        StopAfter(3, "stopped");
        var shard = Directory.EnumerateFiles(At("stopped"), "activations-*").Order().Last();
        var bytes = File.ReadAllBytes(shard);
        bytes[^1] ^= 1;
        File.WriteAllBytes(shard, bytes);
        Assert.Contains("missing or damaged", Refused(Options with { Resume = true }), StringComparison.Ordinal);

        StopAfter(3, "stopped");
        using var other = LanguageModel.Load(WithOtherWeights());
        var changed = Assert.Throws<InterpException>(() => CaptureAnalysis.Run(new CaptureInput(other, null, At("stopped")), Options with { Resume = true }));
        Assert.Contains("no longer gives the rows", changed.Message, StringComparison.Ordinal);
    }

    /// <summary>A model of the same name and size.</summary>
    private string WithOtherWeights()
    {
        var (from, to) = (Checkout.PathOf("models", "clock-59"), At("clock-59"));
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        using var scope = TorchSharp.torch.NewDisposeScope();
        using var weights = SafetensorsFile.Open(Path.Combine(from, "model.safetensors"));
        SafetensorsWriter.Write(
            Path.Combine(to, "model.safetensors"),
            weights.Entries.Keys.ToDictionary(name => name, name => weights.Read(name) * (name == "embed.W_E" ? 1.25f : 1)),
            weights.Metadata.Where(note => note.Key != "format").ToDictionary());
        return to;
    }

    private string Refused(CaptureOptions options) => Assert.Throws<InterpException>(() => Capture("stopped", options)).Message;
}
