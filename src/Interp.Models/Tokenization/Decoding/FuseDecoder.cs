namespace Interp.Models.Tokenization.Decoding;

/// <summary>`Fuse`: joins the tokens to one, so that the next decoder sees the whole text.</summary>
internal sealed class FuseDecoder : IDecoder
{
    private readonly string _separator;

    /// <param name="separator">What stands between the tokens.</param>
    public FuseDecoder(string separator = "")
    {
        _separator = separator;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) => [string.Join(_separator, tokens)];
}
