namespace Interp.Models.Training;

/// <summary>A sum that a recipe kept out of its training text.</summary>
/// <param name="Label">The label that is counted from, 0 … p − 1.</param>
/// <param name="Number">The number that is counted.</param>
public sealed record HeldOutSum(int Label, int Number);
