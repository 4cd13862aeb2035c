using Interp.Compute;

namespace Interp.Models.Checkpoints;

/// <summary>A checkpoint's files are missing, damaged, hostile or of an unsupported kind; the message names the file and the rule.</summary>
public sealed class CheckpointException : InterpException
{
    /// <summary>Creates the failure with a one-line message.</summary>
    public CheckpointException(string message) : base(message)
    {
    }

    /// <summary>Creates the failure with a one-line message and its cause.</summary>
    public CheckpointException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
