namespace Interp.Gpu.Checks;

/// <summary>The inputs that every kernel is tried on.</summary>
internal enum InputKind
{
    /// <summary>Nothing at all.</summary>
    Empty,

    /// <summary>One number, or as few as there can be.</summary>
    Tiny,

    /// <summary>Sizes that no block or vector divides.</summary>
    Odd,

    /// <summary>Some hundreds or thousands of numbers.</summary>
    Random,

    /// <summary>More than one group or round each way.</summary>
    Large,
}
