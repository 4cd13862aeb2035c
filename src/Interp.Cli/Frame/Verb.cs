using System.CommandLine;

namespace Interp.Cli.Frame;

/// <summary>A verb of the command: its arguments and options, and what it does.</summary>
internal abstract class Verb : Command
{
    /// <summary>Makes the verb.</summary>
    protected Verb(string name, string description) : base(name, description)
    {
        // A command with commands below it parses alone only with an action; the program runs verbs itself, as they need a context.
        Action<ParseResult> refuse = _ => throw new InvalidOperationException("verbs are run by the program, which gives them a context");
        SetAction(refuse);
    }

    /// <summary>Does what was asked; returns when done, throws when it fails.</summary>
    /// <exception cref="Compute.InterpException">The request or its data do not fit.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public abstract void Run(VerbContext context);
}
