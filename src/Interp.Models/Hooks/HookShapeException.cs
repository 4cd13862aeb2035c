using Interp.Compute;

namespace Interp.Models.Hooks;

/// <summary>A hook returned a tensor that does not fit its point.</summary>
public sealed class HookShapeException(string message) : InterpException(message);
