namespace Interp.Models.Hooks;

/// <summary>A function to call at hook points.</summary>
/// <param name="Name">A hook name, shorthand ("pattern3") or glob ("blocks.*.hook_resid_post").</param>
/// <param name="Function">The function; those at one point are called in the order given, each sees what the one before returned.</param>
public sealed record HookHandler(string Name, HookFunction Function);
