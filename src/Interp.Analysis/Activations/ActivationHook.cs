namespace Interp.Analysis.Activations;

/// <summary>One captured hook.</summary>
/// <param name="Name">The hook's name.</param>
/// <param name="Width">The numbers a row; hooks of several axes are flattened.</param>
public sealed record ActivationHook(string Name, int Width);
