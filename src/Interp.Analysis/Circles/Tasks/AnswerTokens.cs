using Interp.Compute;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Circles.Tasks;

/// <summary>The tokens by which a model answers with a word: what its tokenizer puts behind the prompt for a space and the word.</summary>
internal static class AnswerTokens
{
    /// <summary>One token a word.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">A prompt, which ends without a space.</param>
    /// <param name="words">The answers.</param>
    /// <returns>The tokens, and in words which form they are.</returns>
    /// <exception cref="InterpException">Words of several tokens begin with the same one, or a word is unknown to the vocabulary.</exception>
    public static (IReadOnlyList<int> Tokens, string Form) Of(Tokenizer tokenizer, string prompt, IReadOnlyList<string> words)
    {
        var asked = tokenizer.EncodePrompt(prompt);
        var answers = words.Select(word => Behind(asked, tokenizer.EncodePrompt($"{prompt} {word}"))).ToArray();
        var first = answers.Select(answer => answer.Length > 0 ? answer[0] : -1).ToArray();
        if (first.Contains(-1) || first.Distinct().Count() < words.Count)
        {
            var (left, right) = Clash(first);
            throw new InterpException(
                $"the tokenizer cannot tell the answers {words[left]} and {words[right]} apart by their first token: the model needs a vocabulary with these words, the task cannot be scored");
        }

        var isWhole = answers.All(answer => answer.Length == 1);
        var display = tokenizer.TokenText(first[0]);
        var space = display.StartsWith('·') || display.StartsWith('▁') ? "with the space before it" : "without a space";
        return (first, isWhole ? $"the whole word {space}" : $"the first token of the word {space}, since not every word is one token");
    }

    private static int[] Behind(int[] prompt, int[] whole)
    {
        var common = 0;
        while (common < prompt.Length && common < whole.Length && prompt[common] == whole[common])
        {
            common++;
        }

        // Where the tokenizer would cut the prompt's end otherwise, the prompt is not what the model was asked.
        return common == prompt.Length ? whole[common..] : [];
    }

    private static (int Left, int Right) Clash(int[] tokens)
    {
        for (var right = 1; right < tokens.Length; right++)
        {
            var left = Array.IndexOf(tokens, tokens[right]);
            if (left < right)
            {
                return (left, right);
            }
        }

        return (0, tokens.Length - 1);
    }
}
