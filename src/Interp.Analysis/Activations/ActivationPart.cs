namespace Interp.Analysis.Activations;

/// <summary>Which part of a capture a folder holds.</summary>
/// <param name="Index">The part, from 1.</param>
/// <param name="Count">The parts of the capture.</param>
/// <param name="Identity">A digest of what was captured; parts of one capture share it.</param>
public sealed record ActivationPart(int Index, int Count, string Identity);
