using System.Globalization;
using Interp.Compute;
using Interp.Models.Tokenization;

namespace Interp.Analysis.Capacity;

/// <summary>Rows of a token matrix as people name them: <c>#id</c>, a token as the vocabulary writes it, a text that is one token; without a tokenizer a number.</summary>
internal static class TokenRows
{
    /// <summary>The row.</summary>
    /// <exception cref="InterpException">It names no row.</exception>
    public static int Resolve(string written, Tokenizer? tokenizer, long rows)
    {
        var number = written.StartsWith('#') ? written[1..] : written;
        var isNumber = written.StartsWith('#') || tokenizer is null;
        int? row = isNumber
            ? int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null
            : tokenizer!.FindId(written) ?? (tokenizer.Encode(written, SpecialTokens.None) is [var one] ? one : null);
        return row is { } found && found < rows
            ? found
            : throw new InterpException($"\"{written}\" names no row of {rows}: write #id{(tokenizer is null ? "" : ", or a text that is a single token, with its leading space if it has one")}");
    }
}
