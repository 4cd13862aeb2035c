namespace Interp.Analysis.Entanglement.Internal;

/// <summary>A matrix that has no profile.</summary>
/// <param name="Name">The matrix.</param>
/// <param name="Reason">Why.</param>
public sealed record UndefinedMatrix(string Name, string Reason);
