using System.CommandLine;

namespace Interp.Cli.Frame;

/// <summary>A verb of the command: its arguments and options, and what it does.</summary>
internal abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Does what was asked; returns when done, throws when it fails.</summary>
    /// <exception cref="Compute.InterpException">The request or its data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public abstract void Run(VerbContext context);
}
