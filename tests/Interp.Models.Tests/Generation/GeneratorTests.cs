using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Generation;
using Interp.Models.Tokenization;
using TorchSharp;

namespace Interp.Models.Tests.Generation;

/// <summary>Models that go on with a text.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void Stories260K_goes_on_as_the_reference_does()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        var expected = File.ReadAllText(SharedFiles.Require("models", "trained", "stories260K", "greedy.txt")).TrimEnd('\n');
        var text = "";
        foreach (var token in new Generator(model).Generate("", new GenerationOptions { MaxNewTokens = 400 }))
        {
            text += token.Text;
            if (text.Length >= expected.Length)
            {
                break;
            }
        }

        Assert.Equal(expected, text[..expected.Length]);
    }

    [Fact]
    public void The_shipped_model_adds_when_asked_in_words()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        var generator = new Generator(model);
        foreach (var (a, b) in new[] { (12, 30), (58, 58), (0, 7), (40, 19) })
        {
            var token = Assert.Single(generator.Generate($"{a} + {b} =", new GenerationOptions { MaxNewTokens = 1 }));
            Assert.Equal((a + b) % 59, token.Id);
            Assert.Equal($" {(a + b) % 59}", token.Text);
            Assert.Equal(GenerationEnd.Length, token.End);
            Assert.InRange(token.LogProbability, -0.1, 0);
        }
    }

    [Fact]
    public void A_full_context_is_an_error_that_names_the_limit_or_slides_on_request()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        var generator = new Generator(model);
        var made = new List<int>();
        var failure = Assert.Throws<InterpException>(() => made.AddRange(generator.Generate([12, 30, 59], new GenerationOptions { MaxNewTokens = 3 }).Select(token => token.Id)));
        Assert.Contains("holds 3 tokens and is full after 1 new", failure.Message, StringComparison.Ordinal);

        var slid = generator.Generate([12, 30, 59], new GenerationOptions { MaxNewTokens = 3, WhenFull = FullContext.Slide }).Select(token => token.Id).ToArray();
        Assert.Equal(42, slid[0]);
        var second = generator.Generate([30, 59, 42], new GenerationOptions { MaxNewTokens = 1 }).Single().Id;
        Assert.Equal(second, slid[1]);
    }

    [Fact]
    public void Prompts_that_do_not_fit_are_refused_before_anything_runs()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        var generator = new Generator(model);
        Assert.Contains("empty", Assert.Throws<InterpException>(() => generator.Generate([])).Message, StringComparison.Ordinal);
        Assert.Contains("takes at most 3", Assert.Throws<InterpException>(() => generator.Generate([1, 2, 3, 4])).Message, StringComparison.Ordinal);
        Assert.Throws<OptionException>(() => generator.Generate([1], new GenerationOptions { TopP = 2 }));
        Assert.Throws<OptionException>(() => generator.Generate([1], new GenerationOptions { MaxNewTokens = 0 }));
    }

    [Fact]
    public void A_stop_token_ends_the_text()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        var options = new GenerationOptions { MaxNewTokens = 2, StopIds = [42], WhenFull = FullContext.Slide };
        var token = Assert.Single(new Generator(model).Generate([12, 30, 59], options));
        Assert.Equal(GenerationEnd.StopToken, token.End);
    }

    [Fact]
    public async Task The_asynchronous_stream_gives_the_same_tokens_and_can_be_cancelled()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        var generator = new Generator(model);
        var options = new GenerationOptions { MaxNewTokens = 20, WhenFull = FullContext.Slide, Temperature = 1, Seed = 5 };
        var expected = generator.Generate([1, 2, 59], options).ToList();
        var tokens = new List<GeneratedToken>();
        await foreach (var token in generator.GenerateAsync([1, 2, 59], options))
        {
            tokens.Add(token);
        }

        Assert.Equal(expected, tokens);
        Assert.NotEqual(expected.Select(token => token.Id), generator.Generate([1, 2, 59], options with { Seed = 6 }).Select(token => token.Id));

        using var source = new CancellationTokenSource();
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in generator.GenerateAsync([1, 2, 59], options, source.Token))
            {
                seen++;
                await source.CancelAsync();
            }
        });
        Assert.Equal(1, seen);
    }

    [Fact]
    public void A_model_without_a_tokenizer_goes_on_with_ids_only()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(TinyModels.Clock, file), Path.Combine(folder.Path, file));
        }

        using var model = LanguageModel.Load(folder.Path);
        Assert.Null(model.Tokenizer);
        Assert.Throws<TokenizerException>(() => new Generator(model).Generate("12 + 30 ="));
        var token = Assert.Single(new Generator(model).Generate([12, 30, 59], new GenerationOptions { MaxNewTokens = 1 }));
        Assert.Equal((42, ""), (token.Id, token.Text));
    }

    [Fact]
    public void Generating_leaves_no_tensors_behind()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        var generator = new Generator(model);
        var options = new GenerationOptions { MaxNewTokens = 10, WhenFull = FullContext.Slide };
        _ = generator.Generate([1, 2, 59], options).Count();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Equal(10, generator.Generate([1, 2, 59], options).Count());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
