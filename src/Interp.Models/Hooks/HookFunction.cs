using static TorchSharp.torch;

namespace Interp.Models.Hooks;

/// <summary>
/// Sees the value at a hook point and may replace it. Null or the same tensor observes; another tensor of the same shape, dtype
/// and device replaces. The value belongs to the run: copy what is to outlive the call, and do not write into it.
/// </summary>
/// <param name="value">The value; its axes are those of the point (<see cref="HookPoint.Axes"/>).</param>
/// <param name="context">Where and in which run.</param>
public delegate Tensor? HookFunction(Tensor value, HookContext context);
