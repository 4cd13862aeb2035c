using System.Text.Json;
using Interp.Models.Checkpoints;

namespace Interp.Cli.Tests.Verbs;

/// <summary>The verbs that read and write text, on the model that answers sums.</summary>
public sealed class TextVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Info_says_what_the_model_is()
    {
        var info = Json("info", "clock-59");
        Assert.Equal(("hooked_transformer", 56_960, false), (info.GetProperty("family").GetString(), info.GetProperty("parameters").GetInt64(), info.GetProperty("isTied").GetBoolean()));
        Assert.Equal(56_960, info.GetProperty("dtypes").GetProperty("float32").GetInt64());
        Assert.Equal(64, info.GetProperty("configuration").GetProperty("width").GetInt32());
        Assert.Equal(60, info.GetProperty("tokenizerTokens").GetInt32());
        Assert.Equal(59, info.GetProperty("task").GetProperty("modulus").GetInt32());
        Assert.Equal(info.GetProperty("hookPoints").GetInt32(), info.GetProperty("hooks").GetArrayLength());
        var words = Run("info", "clock-59").Output;
        Assert.Contains("tokenizer: addition modulo 59", words, StringComparison.Ordinal);
        Assert.Contains("\n  blocks.*.attn.hook_result [b,p,H,D] +\n", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenize_reads_a_text_or_a_file_of_texts()
    {
        Assert.Equal("[[12,30,59]]", Compact(Json("tokenize", "clock-59", "--text", "12 + 30 =").GetProperty("ids")));

        _folder.Write("texts.json", """{"texts":["1 + 2 =","58 + 0 ="]}""");
        var finished = Run("tokenize", "clock-59", "--in", _folder["texts.json"], "--out", _folder["ids.json"]);
        Assert.Equal((0, "", ""), (finished.Status, finished.Output, finished.Error));
        Assert.Equal("""{"ids":[[1,2,59],[58,0,59]]}""", File.ReadAllText(_folder["ids.json"]));
    }

    [Fact]
    public void Tokenize_needs_no_weights()
    {
        _folder.Write("tokenizer.json", """{"model":{"type":"WordLevel","vocab":{"one":4,"two":2}},"pre_tokenizer":{"type":"Whitespace"}}""");
        Assert.Equal("[[2,4]]", Compact(Json("tokenize", _folder["tokenizer.json"], "--text", "two one").GetProperty("ids")));
        Assert.Equal("[[2,4]]", Compact(Json("tokenize", Path.GetDirectoryName(_folder["tokenizer.json"])!, "--text", "two one").GetProperty("ids")));
    }

    [Fact]
    public void Generate_answers_the_sum()
    {
        Assert.Equal(" 42\n", Run("generate", "clock-59", "--prompt", "12 + 30 =", "--max-new-tokens", "1").Output);
        var made = Json("generate", "clock-59", "--prompt", "50 + 30 =", "--max-new-tokens", "1");
        Assert.Equal("[21]", Compact(made.GetProperty("ids")));
        Assert.Equal("length", made.GetProperty("end").GetString());
    }

    [Fact]
    public void Forward_takes_a_text()
    {
        Assert.Equal(0, Run("forward", "clock-59", "--text", "12 + 30 =", "--out", _folder["out"]).Status);
        using var written = SafetensorsFile.Open(_folder["out"]);
        using var logits = written.Read("logits");
        Assert.Equal([1, 3, 59], logits.shape);
        using var answer = logits[0, 2].argmax();
        Assert.Equal(42, answer.item<long>());
    }

    [Theory]
    [InlineData(2, "give either --text T or --in F.json", "tokenize", "clock-59")]
    [InlineData(2, "give either --text T or --ids F.safetensors", "forward", "clock-59", "--out", "x")]
    [InlineData(2, "option '--prompt' is required", "generate", "clock-59")]
    [InlineData(2, "--top-p 7 is out of range", "generate", "clock-59", "--prompt", "1", "--top-p", "7")]
    [InlineData(1, "the prompt has 4 tokens but clock-59 takes at most 3", "generate", "clock-59", "--prompt", "1 + 2 = 3")]
    [InlineData(1, "nowhere.json: there is no such file", "tokenize", "clock-59", "--in", "nowhere.json")]
    public void Mistakes_end_with_a_line_and_the_documented_status(int status, string part, params string[] args)
    {
        var finished = Run(args);
        Assert.Equal(status, finished.Status);
        Assert.Contains(part, finished.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("""{"texts": "one"}""")]
    [InlineData("""{"texts": ["one", null]}""")]
    [InlineData("""{"words": []}""")]
    public void A_file_that_holds_no_texts_is_refused(string content)
    {
        var finished = Run("tokenize", "clock-59", "--in", _folder.Write("texts.json", content), "--out", _folder["ids.json"]);
        Assert.Equal(1, finished.Status);
        Assert.Contains("\"texts\"", finished.ErrorLine, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["ids.json"]));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private InterpProcess.Finished Run(params string[] args) => InProcess.Run([.. args, "--workspace", _folder["w"]]);

    private JsonElement Json(params string[] args)
    {
        var finished = Run([.. args, "--json"]);
        Assert.True(finished.Status == 0, finished.Error);
        return JsonDocument.Parse(finished.Output).RootElement;
    }
}
