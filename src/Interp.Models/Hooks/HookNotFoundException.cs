using Interp.Compute;

namespace Interp.Models.Hooks;

/// <summary>A hook name or pattern matches no point of the model.</summary>
public sealed class HookNotFoundException(string message) : InterpException(message);
