using System.Globalization;
using System.Text;
using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Formats;
using Interp.Models.Tokenization.Segmentation;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization;

/// <summary>Makes the tokenizer of models that add modulo p: numbers and `=` are tokens, spaces and `+` only part them.</summary>
internal static class ModularAdditionTokenizer
{
    /// <summary>The tokenizer of a modulus.</summary>
    public static Tokenizer Create(int modulus)
    {
        if (modulus < 2)
        {
            throw new TokenizerException($"the modulus {modulus} is below 2: a model that adds needs two numbers at least");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal) { ["="] = modulus };
        for (var number = 0; number < modulus; number++)
        {
            ids[number.ToString(CultureInfo.InvariantCulture)] = number;
        }

        var source = string.Create(CultureInfo.InvariantCulture, $"addition modulo {modulus} (numbers 0 to {modulus - 1} and '=')");
        var splitter = new SplitterSequence(
        [
            new CharacterSplitter(rune => rune.Value == '+' || Rune.IsWhiteSpace(rune), SplitBehavior.Removed),
            new CharacterSplitter(rune => rune.Value == '=', SplitBehavior.Isolated),
        ]);
        var pipeline = new TokenPipeline(
            new WordLevelSegmenter(new Vocabulary(ids), null, source), null, splitter, new FuseDecoder(" "), TokenTemplate.Empty, []);
        return new Tokenizer(pipeline, TokenizerSettings.None, source);
    }
}
