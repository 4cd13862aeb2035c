using System.Text.Json;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Verbs;

public sealed class LensVerbsTests
{
    /// <summary>Float32 rounding of values of order one to ten.</summary>
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Families => ["gpt2", "llama", "gpt_neox", "gemma2"];

    [Theory]
    [MemberData(nameof(Families))]
    public void The_three_verbs_write_the_references_numbers(string family)
    {
        using var folder = new TemporaryFolder();
        var model = family is "gpt2" or "llama" ? Fixtures.Tiny(family) : SharedFiles.Require("models", "tiny", family);
        var ids = Path.Combine(model, "reference.safetensors");
        string[] answer = ["--ids", ids, "--answer", "#5", "--wrong", "#9", "--workspace", folder["w"]];
        Assert.Equal((0, ""), Run(["lens", model, "--ids", ids, "--out", folder["lens"], "--workspace", folder["w"]]));
        Assert.Equal((0, ""), Run(["attribute", model, .. answer, "--out", folder["attribute"]]));
        Assert.Equal((0, ""), Run(["patch", model, .. answer, "--out", folder["patch"]]));
        Assert.Equal((0, ""), Run(["patch", model, .. answer, "--sites", "resid_pre", "--method", "attribution", "--out", folder["estimate"]]));

        using var reference = SafetensorsFile.Open(Path.Combine(model, "analysis.safetensors"));
        foreach (var name in new[] { "lens", "attribute", "patch", "estimate" })
        {
            using var written = SafetensorsFile.Open(folder[name]);
            foreach (var tensor in written.Entries.Keys)
            {
                using var scope = NewDisposeScope();
                var (actual, expected) = (written.Read(tensor), reference.Read(tensor));
                Assert.Equal(expected.shape, actual.shape);
                Assert.InRange((actual - expected).abs().max().ToSingle(), 0, Tolerance);
            }
        }
    }

    [Fact]
    public void The_lens_prints_tokens_of_a_model_with_a_tokenizer()
    {
        using var folder = new TemporaryFolder();
        var finished = InProcess.Run("lens", Fixtures.Clock59, "--text", "17 + 50 =", "--json", "--workspace", folder["w"]);
        Assert.Equal((0, ""), (finished.Status, finished.Error));
        var result = JsonDocument.Parse(finished.Output).RootElement;
        Assert.Equal(["17", "50", "="], result.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!.TrimStart('·')));
        var last = result.GetProperty("layers").EnumerateArray().Last().GetProperty("positions")[2][0];
        Assert.Equal("8", last.GetProperty("text").GetString()!.TrimStart('·'));
        Assert.InRange(last.GetProperty("probability").GetDouble(), 0.99, 1);

        var words = InProcess.Run("lens", Fixtures.Clock59, "--text", "17 + 50 =", "--workspace", folder["w"]);
        Assert.Contains("resid_post", words.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "lens", "gpt2")]
    [InlineData(2, "attribute", "gpt2", "--ids", "IDS")]
    [InlineData(1, "attribute", "gpt2", "--ids", "IDS", "--answer", "#999")]
    [InlineData(1, "attribute", "gpt2", "--ids", "IDS", "--answer", "the")]
    [InlineData(1, "attribute", "gpt2", "--ids", "IDS", "--answer", "#x")]
    [InlineData(2, "patch", "gpt2", "--clean", "a", "--answer", "#1", "--wrong", "#2")]
    [InlineData(2, "patch", "gpt2", "--ids", "IDS", "--answer", "#1", "--wrong", "#2", "--sites", "resid_post")]
    [InlineData(2, "patch", "gpt2", "--ids", "IDS", "--answer", "#1", "--wrong", "#2", "--method", "guess")]
    [InlineData(1, "patch", "gpt2", "--ids", "ONE", "--answer", "#1", "--wrong", "#2")]
    public void Wrong_input_gets_one_line_and_the_documented_status(int status, params string[] words)
    {
        using var folder = new TemporaryFolder();
        string[] args =
        [
            .. words.Select(word => word switch
            {
                "gpt2" => Fixtures.Tiny("gpt2"),
                "IDS" => Path.Combine(Fixtures.Tiny("gpt2"), "reference.safetensors"),
                "ONE" => Fixtures.WriteIds(folder["one"], 1, 4),
                _ => word,
            }),
            "--workspace", folder["w"],
        ];
        var finished = InProcess.Run(args);
        Assert.Equal(status, finished.Status);
        Assert.StartsWith("interp: ", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd('\n').Split('\n'));
    }

    private static (int Status, string Error) Run(string[] args)
    {
        var finished = InProcess.Run(args);
        return (finished.Status, finished.Error);
    }
}
