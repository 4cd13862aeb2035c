namespace Interp.Workbench.Analyze;

/// <summary>The entanglement of one matrix, in short.</summary>
/// <param name="Name">The matrix.</param>
/// <param name="BoundaryEntropyNats">The entropy between its rows and its columns, nats.</param>
/// <param name="NullGaussianNats">The same of a random matrix of its size, nats.</param>
/// <param name="Rank">Its rank.</param>
public sealed record EntanglementFinding(string Name, double BoundaryEntropyNats, double NullGaussianNats, int Rank);
