namespace Interp.Analysis.Activations;

/// <summary>What makes a capture one that can be continued or merged.</summary>
/// <param name="Text">A digest of everything that the rows depend on; null for rows that cannot be made again.</param>
/// <param name="Part">Which part of a capture is written; null for all of it.</param>
/// <param name="Finished">What a stopped capture of the same identity left in the folder; null to begin anew.</param>
internal sealed record WriterIdentity(string? Text = null, ActivationPart? Part = null, CaptureState? Finished = null);
