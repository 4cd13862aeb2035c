namespace Interp.Compute;

/// <summary>
/// A failure that the user can understand and mend: bad data, a missing file, a model that does not fit the request.
/// The message is one line that says what is wrong, where, and what to do; callers show it without a stack trace.
/// </summary>
public class InterpException : Exception
{
    /// <summary>Creates the failure with a one-line message.</summary>
    public InterpException(string message) : base(message)
    {
    }

    /// <summary>Creates the failure with a one-line message and the failure that caused it.</summary>
    public InterpException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
