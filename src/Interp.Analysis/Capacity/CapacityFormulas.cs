namespace Interp.Analysis.Capacity;

/// <summary>
/// How many unit vectors k of width d can have pairwise cosines of at most ε, by formulas fitted to optimised packings.
/// Source: arXiv 2606.02765 (Guha). All logarithms are natural; k is worked out in logarithms, as it overflows soon.
/// </summary>
public static class CapacityFormulas
{
    /// <summary>C of the Johnson–Lindenstrauss form, from theory.</summary>
    public const double TheoryConstant = 8;

    /// <summary>C of the one-parameter form.</summary>
    public const double OneParameterConstant = 1.2934;

    private const double C = 0.45809143;
    private const double A = 1.0668005;
    private const double B = 1.44738666;
    private const double DimensionPower = 0.97197234;

    /// <summary>The Johnson–Lindenstrauss form k = exp(d ε²/C).</summary>
    /// <param name="dimension">The width d.</param>
    /// <param name="epsilon">The tolerated cosine ε, not negative.</param>
    /// <param name="constant">C: 8 from theory, 3.0295 fitted to random vectors, 0.7068 to optimised ones.</param>
    public static double JohnsonLindenstrauss(int dimension, double epsilon, double constant = TheoryConstant) =>
        Math.Exp(dimension * Square(epsilon) / constant);

    /// <summary>The one-parameter form k = d · exp(d ε²/C), C = 1.2934.</summary>
    public static double OneParameter(int dimension, double epsilon) =>
        dimension * Math.Exp(dimension * Square(epsilon) / OneParameterConstant);

    /// <summary>The four-parameter form, which every published capacity uses: ⌈(d · exp((ε² d^c/C)^(1/b)))^(1/a)⌉.</summary>
    public static double FourParameter(int dimension, double epsilon) => Math.Ceiling(Math.Exp(LogFourParameter(dimension, epsilon)));

    /// <summary>ln k of the four-parameter form, not rounded up.</summary>
    public static double LogFourParameter(int dimension, double epsilon) => (Math.Log(dimension) + Excess(dimension, epsilon)) / A;

    /// <summary>d ln k / d ln ε of the four-parameter form: by how many per cent k moves when ε moves by one.</summary>
    public static double Elasticity(int dimension, double epsilon) => 2 / (A * B) * Excess(dimension, epsilon);

    /// <summary>d ln k / d ln ε of the one-parameter form.</summary>
    public static double OneParameterElasticity(int dimension, double epsilon) => 2 * dimension * Square(epsilon) / OneParameterConstant;

    /// <summary>ε that the Johnson–Lindenstrauss form gives to k vectors.</summary>
    public static double JohnsonLindenstraussEpsilon(int dimension, double count, double constant = TheoryConstant) =>
        Math.Sqrt(constant * Math.Log(count) / dimension);

    /// <summary>ε that the one-parameter form gives to k vectors; 0 where k ≤ d, as they can be orthogonal.</summary>
    public static double OneParameterEpsilon(int dimension, double count) =>
        Math.Sqrt(OneParameterConstant * Math.Max(Math.Log(count / dimension), 0) / dimension);

    /// <summary>ε that the four-parameter form gives to k vectors; 0 where kᵃ ≤ d.</summary>
    public static double FourParameterEpsilon(int dimension, double count)
    {
        var excess = Math.Max((A * Math.Log(count)) - Math.Log(dimension), 0);
        return Math.Sqrt(C * Math.Pow(excess, B) / Math.Pow(dimension, DimensionPower));
    }

    /// <summary>The Welch bound: no k unit vectors of width d have all pairwise cosines below it in magnitude.</summary>
    public static double WelchBound(int dimension, double count) =>
        count > dimension ? Math.Sqrt((count - dimension) / (dimension * (count - 1))) : 0;

    /// <summary>ε of independent random directions, 2/√d: mean 0 plus two standard deviations.</summary>
    public static double RandomEpsilon(int dimension) => 2 / Math.Sqrt(dimension);

    private static double Excess(int dimension, double epsilon) => Math.Pow(Square(epsilon) * Math.Pow(dimension, DimensionPower) / C, 1 / B);

    private static double Square(double epsilon) => epsilon * epsilon;
}
