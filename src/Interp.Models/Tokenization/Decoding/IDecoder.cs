namespace Interp.Models.Tokenization.Decoding;

/// <summary>A step from tokens back to text: rewrites the list of the tokens' texts.</summary>
internal interface IDecoder
{
    /// <summary>The texts rewritten; joined without anything between them they are the decoded text.</summary>
    IReadOnlyList<string> Apply(IReadOnlyList<string> tokens);
}
