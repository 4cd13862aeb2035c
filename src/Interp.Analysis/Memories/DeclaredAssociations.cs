namespace Interp.Analysis.Memories;

/// <summary>Keys, the values that count as right for each, and how frequent the keys are.</summary>
/// <param name="Keys">Token ids, different from one another, most frequent first.</param>
/// <param name="Targets">The right values of each key.</param>
/// <param name="Probabilities">Frequencies, summing to 1; equal where no text was given.</param>
/// <param name="Name">What they are, in words.</param>
internal sealed record DeclaredAssociations(int[] Keys, int[][] Targets, double[] Probabilities, string Name);
