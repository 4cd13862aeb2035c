namespace Interp.Analysis.Capacity;

/// <summary>ε and capacity of another matrix, measured for comparison.</summary>
/// <param name="Matrix">The matrix, in words.</param>
/// <param name="Vocabulary">Rows with a direction.</param>
/// <param name="Dimension">The width d.</param>
/// <param name="Epsilon">Its ε.</param>
/// <param name="EpsilonRatio">ε over that of random directions.</param>
/// <param name="Class">Its class.</param>
/// <param name="Adjusted">The four-parameter capacity; null in the dense class.</param>
public sealed record ComparedMatrix(string Matrix, long Vocabulary, int Dimension, double Epsilon, double EpsilonRatio, CapacityClass Class, double? Adjusted);
