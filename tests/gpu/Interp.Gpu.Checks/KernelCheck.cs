using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks;

/// <summary>Kernels on one input: what they make, and what plain loops in float64 make of the same input, rounded to the kernels' type.</summary>
/// <param name="Kernels">The kernels' class.</param>
/// <param name="Methods">Those of its methods that are launched.</param>
/// <param name="Element">The type of the inputs.</param>
/// <param name="Input">The kind of input.</param>
/// <param name="Tolerance">The largest difference allowed, as a share of the largest expected number (at least of 1).</param>
/// <param name="Run">Runs the kernels on a lane.</param>
internal sealed record KernelCheck(Type Kernels, string[] Methods, Type Element, InputKind Input, double Tolerance, Func<KernelLane, (double[] Made, double[] Expected)> Run)
{
    /// <summary>What distinguishes it from another check of the same kernels and input.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Kernels of other classes that it launches ("Class.Method").</summary>
    public string[] Also { get; init; } = [];

    /// <summary>Further types that kernels take beside that of the inputs.</summary>
    public Type[] With { get; init; } = [];

    /// <summary>Every kernel that it launches ("Class.Method").</summary>
    public IEnumerable<string> Covered => [.. Methods.Select(method => $"{Kernels.Name}.{method}"), .. Also];

    /// <summary>The kernels' name in the table.</summary>
    public string Name => $"{Kernels.Name}.{string.Join(", ", Methods)}{Detail}, {Element.Name.ToLowerInvariant()}";

    /// <summary>The largest difference, as a share; NaN where one of both is not a number and the other is; infinite where there are more or fewer numbers.</summary>
    public double Error(KernelLane lane)
    {
        var (made, expected) = Run(lane);
        if (made.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }

        var largest = 0.0;
        var scale = 1.0;
        for (var i = 0; i < made.Length; i++)
        {
            scale = double.IsFinite(expected[i]) ? Math.Max(scale, Math.Abs(expected[i])) : scale;
            var isSame = made[i].Equals(expected[i]);
            var difference = isSame ? 0 : Math.Abs(made[i] - expected[i]);
            if (double.IsNaN(difference))
            {
                return double.NaN;
            }

            largest = Math.Max(largest, difference);
        }

        return largest / scale;
    }
}
