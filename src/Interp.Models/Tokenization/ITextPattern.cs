namespace Interp.Models.Tokenization;

/// <summary>What a normalizer or a splitter looks for: a literal or a regular expression.</summary>
internal interface ITextPattern
{
    /// <summary>The matches from left to right, none overlapping another.</summary>
    IEnumerable<(int Start, int End)> Matches(string text);
}
