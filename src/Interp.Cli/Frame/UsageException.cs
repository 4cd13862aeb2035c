using Interp.Compute;

namespace Interp.Cli.Frame;

/// <summary>The command line asks for something that no verb can do; answered with <see cref="ExitCodes.WrongUsage"/>.</summary>
internal sealed class UsageException(string message) : InterpException(message);
