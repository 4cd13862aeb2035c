namespace Interp.Compute.Options;

/// <summary>An option has a value that it does not take; the message names the flag, the value and the allowed range.</summary>
public sealed class OptionException : InterpException
{
    /// <summary>Creates the failure.</summary>
    public OptionException(string message) : base(message)
    {
    }
}
