using System.Text.Json;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Verbs;

public sealed class ForwardVerbTests
{
    /// <summary>Float32 rounding over three layers.</summary>
    private const double Tolerance = 2e-5;

    /// <summary>The reference adds the adapter's output to the layer's instead of merging, which rounds elsewhere.</summary>
    private const double MergedTolerance = 1e-4;

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Logits_and_all_hooks_are_those_of_the_reference(string family)
    {
        using var folder = new TemporaryFolder();
        var model = Fixtures.Tiny(family);
        var finished = InProcess.Run(
            "forward", model, "--ids", Path.Combine(model, "reference.safetensors"), "--hooks", "all", "--out", folder["new", "out.safetensors"], "--json", "--workspace", folder["w"]);
        Assert.Equal((0, ""), (finished.Status, finished.Error));
        Assert.Equal([2, 23], JsonDocument.Parse(finished.Output).RootElement.GetProperty("inputShape").EnumerateArray().Select(size => size.GetInt64()));

        using var written = SafetensorsFile.Open(folder["new", "out.safetensors"]);
        using var reference = SafetensorsFile.Open(Path.Combine(model, "hooks.safetensors"));
        Assert.Equal(reference.Entries.Keys.Append("logits").Distinct().Order(StringComparer.Ordinal), written.Entries.Keys.Order(StringComparer.Ordinal));
        foreach (var name in reference.Entries.Keys)
        {
            AssertNear(reference, written, name);
        }

        using var logits = SafetensorsFile.Open(Path.Combine(model, "reference.safetensors"));
        AssertNear(logits, written, "logits");
    }

    [Fact]
    public void An_adapter_is_merged_into_the_weights()
    {
        using var folder = new TemporaryFolder();
        var adapter = Fixtures.Tiny("gpt2-lora");
        var reference = Path.Combine(adapter, "reference.safetensors");
        var finished = InProcess.Run("forward", Fixtures.Tiny("gpt2"), "--adapter", adapter, "--ids", reference, "--out", folder["out"], "--workspace", folder["w"]);
        Assert.Equal((0, ""), (finished.Status, finished.Error));
        using var expected = SafetensorsFile.Open(reference);
        using var written = SafetensorsFile.Open(folder["out"]);
        AssertNear(expected, written, "logits", MergedTolerance);
    }

    [Fact]
    public void Named_hooks_alone_are_written_beside_the_logits()
    {
        using var folder = new TemporaryFolder();
        var model = Fixtures.Tiny("gpt2");
        var ids = Path.Combine(model, "reference.safetensors");
        var hooks = InProcess.Run("forward", model, "--ids", ids, "--hooks", "blocks.*.hook_resid_post,hook_embed", "--out", folder["out"], "--workspace", folder["w"]);
        Assert.Equal((0, ""), (hooks.Status, hooks.Error));
        using (var written = SafetensorsFile.Open(folder["out"]))
        {
            Assert.Contains("hook_embed", written.Entries.Keys);
            Assert.Contains("logits", written.Entries.Keys);
            Assert.All(written.Entries.Keys, name => Assert.True(name is "logits" or "hook_embed" || name.EndsWith("hook_resid_post", StringComparison.Ordinal), name));
        }

        var none = InProcess.Run("forward", model, "--ids", ids, "--out", folder["none"], "--workspace", folder["w"]);
        Assert.Equal(0, none.Status);
        using var logits = SafetensorsFile.Open(folder["none"]);
        Assert.Equal("logits", Assert.Single(logits.Entries.Keys));
    }

    [Fact]
    public void A_hook_that_is_not_there_fails_and_names_near_ones()
    {
        using var folder = new TemporaryFolder();
        var model = Fixtures.Tiny("gpt2");
        var finished = InProcess.Run(
            "forward", model, "--ids", Path.Combine(model, "reference.safetensors"), "--hooks", "blocks.0.hook_resid_pots", "--out", folder["out"], "--workspace", folder["w"]);
        Assert.Equal(1, finished.Status);
        Assert.Contains("blocks.0.hook_resid_post", finished.ErrorLine, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out"]));
    }

    private static void AssertNear(SafetensorsFile expected, SafetensorsFile actual, string name, double tolerance = Tolerance)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (actual.Read(name, ScalarType.Float64), expected.Read(name, ScalarType.Float64));
        Assert.Equal(b.shape, a.shape);
        var difference = where(a.eq(b), zeros_like(a), (a - b).abs()).max().ToDouble();
        Assert.True(difference <= tolerance, $"{name} differs by {difference:g3}");
    }
}
