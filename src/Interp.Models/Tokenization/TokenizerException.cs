using Interp.Compute;

namespace Interp.Models.Tokenization;

/// <summary>A tokenizer's files are missing, damaged or ask for something unsupported; the message names the file, the place and the remedy.</summary>
public sealed class TokenizerException : InterpException
{
    /// <summary>Creates the failure with a one-line message.</summary>
    public TokenizerException(string message) : base(message)
    {
    }

    /// <summary>Creates the failure with a one-line message and its cause.</summary>
    public TokenizerException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
