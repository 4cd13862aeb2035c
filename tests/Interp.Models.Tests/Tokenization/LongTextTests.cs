using System.Diagnostics;
using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Texts that make careless tokenizers slow.</summary>
public sealed class LongTextTests
{
    /// <summary>Quadratic work on this many characters, ten thousand million steps, takes longer than any machine's hiccup.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    [Theory]
    [MemberData(nameof(GoldenTokenizerTests.Small), MemberType = typeof(GoldenTokenizerTests))]
    public void A_hundred_kilobytes_of_one_character_take_a_moment(string name)
    {
        var tokenizer = Tokenizer.Load(Path.Combine(GoldenFile.Folder, name));
        foreach (var unit in new[] { "a", " ", "e\u0301", "\U0001F600" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, 100_000 / unit.Length));
            var watch = Stopwatch.StartNew();
            var spans = tokenizer.EncodeWithOffsets(text, SpecialTokens.None);
            Assert.True(watch.Elapsed < s_limit, $"{unit}: {watch.Elapsed.TotalSeconds} s for {spans.Count} tokens");
        }
    }
}
