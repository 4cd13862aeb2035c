using System.Text;
using Interp.Compute.Kernels.Cosines;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Capacity;

/// <summary>Sorts a vocabulary's rows by kind of token and measures each kind, from sums that are taken once.</summary>
internal static class TokenGroups
{
    private static readonly string[] s_names =
        ["special tokens", "parts of characters", "numbers", "punctuation and spaces", "words after a space", "other words and pieces", "rows without a token"];

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The kinds that have rows; none where no tokenizer names the rows.</summary>
    public static IReadOnlyList<TokenGroup> Of(CapacityInput input, CancellationToken cancellation)
    {
        if (input.Tokenizer is not { } tokenizer)
        {
            return [];
        }

        var kinds = Enumerable.Range(0, (int)input.Rows.shape[0]).Select(row => Kind(tokenizer, row)).ToArray();
        return [.. RowCosines.MomentsByGroup(input.Rows, kinds, cancellation)
            .Select((group, kind) => new TokenGroup(s_names[kind], group.Rows, group.Within?.Mean, Epsilon(group.Within), Epsilon(group.Without)))
            .Where(group => group.Rows > 0)];
    }

    /// <summary>The place of a token's kind in the names.</summary>
    internal static int Kind(Tokenizer tokenizer, int id)
    {
        if (id >= tokenizer.Count)
        {
            return 6;
        }

        if (tokenizer.IsSpecial(id))
        {
            return 0;
        }

        var bytes = tokenizer.TokenBytes(id);
        if (bytes.Length == 0)
        {
            return 6;
        }

        string text;
        try
        {
            text = s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return 1;
        }

        var bare = text.TrimStart(' ');
        return bare.Length > 0 && bare.All(char.IsDigit) ? 2
            : !bare.Any(char.IsLetterOrDigit) ? 3
            : text[0] == ' ' ? 4 : 5;
    }

    private static double? Epsilon(CosineMoments? moments) => moments is null ? null : moments.Mean + (2 * moments.StandardDeviation);
}
