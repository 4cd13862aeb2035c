using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>
/// Fits activations of whole numbers a to cosines and sines of periods 2, 5, 10 and 100 and a line (arXiv 2502.00873): a quarter of
/// the values is held out, and simpler and richer bases stand beside it.
/// </summary>
internal static class HelixFit
{
    private const int Components = 100;
    private const int Degree = 9;
    private static readonly int[] s_periods = [2, 5, 10, 100];

    /// <summary>Measures all bases.</summary>
    /// <param name="activations">float64 [n, d], one row a number.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="layer">The layer, for the result.</param>
    /// <param name="seed">The seed of the split and the shuffle.</param>
    /// <exception cref="InterpException">There are too few numbers.</exception>
    public static IReadOnlyList<HelixMeasure> Run(Tensor activations, int[] numbers, int layer, long seed)
    {
        if (numbers.Length < 16)
        {
            throw new InterpException($"only {numbers.Length} numbers are single places of the vocabulary: a helix fit needs at least 16");
        }

        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(seed, "helix split");
        var order = Array.ConvertAll(random.Permutation(numbers.Length), row => (long)row);
        var split = numbers.Length * 3 / 4;
        var (inside, outside) = (tensor(order[..split]), tensor(order[split..]));
        var shuffled = Array.ConvertAll(random.Permutation(numbers.Length), row => numbers[row]);
        var largest = numbers.Max();
        HelixMeasure Of(string name, Tensor basis) => Measure(name, basis, activations, inside, outside, layer);
        List<HelixMeasure> measures =
        [
            Of("helix 2, 5, 10, 100 and line", Helix(numbers, largest, s_periods, hasLine: true)),
            Of("circles 2, 5, 10, 100 without line", Helix(numbers, largest, s_periods, hasLine: false)),
            .. s_periods.Select(period => Of($"helix without period {period}", Helix(numbers, largest, [.. s_periods.Where(other => other != period)], hasLine: true))),
            Of("line alone", Helix(numbers, largest, [], hasLine: true)),
            Of($"polynomial of degree {Degree}", Polynomial(numbers, largest)),
            Of("helix of shuffled numbers", Helix(shuffled, largest, s_periods, hasLine: true)),
            Principal(9, activations, inside, outside, layer),
            Principal(27, activations, inside, outside, layer),
        ];
        return measures;
    }

    /// <summary>[1, line, cos and sin of 2πa/T]; the sine of period 2 is nothing on whole numbers.</summary>
    internal static Tensor Helix(int[] numbers, int largest, int[] periods, bool hasLine)
    {
        var values = tensor(Array.ConvertAll(numbers, number => (double)number));
        List<Tensor> columns = [ones_like(values)];
        if (hasLine)
        {
            columns.Add(values / largest);
        }

        foreach (var period in periods)
        {
            var angle = values * (2 * Math.PI / period);
            columns.Add(angle.cos());
            if (period != 2)
            {
                columns.Add(angle.sin());
            }
        }

        return stack([.. columns], 1);
    }

    // Chebyshev's polynomials span the same as powers and keep their rank in floating point.
    private static Tensor Polynomial(int[] numbers, int largest) => stack(
        [.. Enumerable.Range(0, Degree + 1).Select(k => tensor(Array.ConvertAll(numbers, number => Math.Cos(k * Math.Acos(Math.Clamp((2.0 * number / largest) - 1, -1, 1))))))], 1);

    private static HelixMeasure Measure(string name, Tensor basis, Tensor activations, Tensor inside, Tensor outside, int layer)
    {
        using var scope = NewDisposeScope();
        var fitted = activations.index_select(0, inside);
        var mean = fitted.mean([0], keepdim: true);
        var directions = CircleReadout.Principal(fitted - mean, Components);
        var design = basis.index_select(0, inside);
        var coefficients = CircleReadout.Solve(design, (fitted - mean).matmul(directions.t()));
        Tensor Rebuilt(Tensor rows) => mean + basis.index_select(0, rows).matmul(coefficients).matmul(directions);
        return new HelixMeasure(
            layer,
            name,
            (int)linalg.matrix_rank(design).ToInt64(),
            Share(fitted, Rebuilt(inside), mean),
            Share(activations.index_select(0, outside), Rebuilt(outside), mean));
    }

    private static HelixMeasure Principal(int rank, Tensor activations, Tensor inside, Tensor outside, int layer)
    {
        using var scope = NewDisposeScope();
        var fitted = activations.index_select(0, inside);
        var mean = fitted.mean([0], keepdim: true);
        var directions = CircleReadout.Principal(fitted - mean, rank);
        double Of(Tensor rows)
        {
            var values = activations.index_select(0, rows);
            return Share(values, mean + (values - mean).matmul(directions.t()).matmul(directions), mean);
        }

        return new HelixMeasure(layer, $"first {rank} principal components", (int)directions.shape[0], Of(inside), Of(outside));
    }

    private static double Share(Tensor values, Tensor rebuilt, Tensor mean) =>
        1 - ((values - rebuilt).square().sum() / (values - mean).square().sum()).ToDouble();
}
