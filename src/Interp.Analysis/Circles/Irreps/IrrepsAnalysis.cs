using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Irreps;

/// <summary>Splits functions on a finite group into irreducible representations.</summary>
public static class IrrepsAnalysis
{
    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<Tensor, IrrepsOptions, IrrepsResult>(
        "circles-irreps",
        "Irreducible representations",
        "Splits weights over the elements of a group into its irreducible representations, as frequencies do for addition.",
        SourceKinds.Tensor,
        (sources, _) => TensorReference.Read(sources.Tensor ?? throw new InterpException("circles irreps needs functions on a group: name a tensor [elements, functions] as FILE:TENSOR")),
        Run,
        IrrepsFigures.Draw);

    /// <summary>Measures functions.</summary>
    /// <param name="functions">[elements, functions], one function a column, or [elements].</param>
    /// <param name="options">The group.</param>
    /// <param name="progress">Receives each representation.</param>
    /// <param name="cancellation">Stops between representations.</param>
    /// <exception cref="InterpException">The rows are not the group's elements, or a number is not finite.</exception>
    /// <remarks>Cost: |G|² times functions for each representation.</remarks>
    public static IrrepsResult Run(Tensor functions, IrrepsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(functions);
        if (functions.dim() is not (1 or 2) || functions.numel() == 0)
        {
            throw new ShapeMismatchException("the functions", "[elements, functions]", functions.shape);
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = functions.detach().to_type(ScalarType.Float64).cpu().reshape(functions.shape[0], -1);
        if (!values.isfinite().all().ToBoolean())
        {
            throw new InterpException("the functions hold numbers that are not finite: look at the tensor's values first");
        }

        var rows = (int)values.shape[0];
        var group = FiniteGroup.Create(options.Group, options.Degree > 0 ? options.Degree : DegreeOf(options.Group, rows));
        if (group.Order != rows)
        {
            throw new ShapeMismatchException($"the functions on {group.Name}", $"[{group.Order}, functions]", functions.shape);
        }

        var power = new double[group.Irreps.Count][];
        for (var i = 0; i < power.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            power[i] = Power(values, group, group.Irreps[i]);
            progress?.Report(new StepProgress("split", i + 1, power.Length, "representations"));
        }

        return Result(group, power, options.Threshold);
    }

    /// <summary>P(ρ) = (d/|G|)·Σ_{g,h} u(g)u(h)χ(g h⁻¹) of each column; the powers of all representations add to ‖u‖².</summary>
    private static double[] Power(Tensor values, FiniteGroup group, Irrep irrep)
    {
        using var scope = NewDisposeScope();
        var kernel = new double[group.Order, group.Order];
        for (var g = 0; g < group.Order; g++)
        {
            for (var h = 0; h < group.Order; h++)
            {
                kernel[g, h] = irrep.Kernel[group.Quotients[g, h]];
            }
        }

        return (tensor(kernel).matmul(values) * values).sum([0]).clamp_min(0).data<double>().ToArray();
    }

    private static IrrepsResult Result(FiniteGroup group, double[][] power, double threshold)
    {
        var count = power[0].Length;
        var strongest = Enumerable.Range(0, count)
            .Select(function => Enumerable.Range(1, power.Length - 1).MaxBy(irrep => power[irrep][function]))
            .ToArray();
        var total = power.Sum(values => values.Sum());
        var shares = Enumerable.Range(0, count).Select(function => Share(power, function, strongest[function])).ToArray();
        var varying = shares.Where(double.IsFinite).Order().ToArray();
        return new IrrepsResult
        {
            Group = group.Name,
            Order = group.Order,
            Irreps =
            [
                .. group.Irreps.Select((irrep, i) => new IrrepMeasure(
                    irrep.Name,
                    irrep.Dimension,
                    total > 0 ? power[i].Sum() / total : 0,
                    irrep.Kernel[group.Quotients[0, 0]],
                    Enumerable.Range(0, count).Count(function => strongest[function] == i && double.IsFinite(shares[function])))),
            ],
            Shares = shares,
            Strongest = strongest,
            MedianShare = varying.Length == 0 ? null : (varying[(varying.Length - 1) / 2] + varying[varying.Length / 2]) / 2,
            FunctionsAboveThreshold = varying.Length == 0 ? null : varying.Count(share => share > threshold) / (double)varying.Length,
            Threshold = threshold,
        };
    }

    private static double Share(double[][] power, int function, int strongest)
    {
        var nontrivial = power.Skip(1).Sum(values => values[function]);
        return nontrivial > 1e-20 * (nontrivial + power[0][function]) ? power[strongest][function] / nontrivial : double.NaN;
    }

    private static int DegreeOf(GroupKind kind, int rows)
    {
        if (kind == GroupKind.Symmetric)
        {
            var (degree, order) = (1, 1);
            while (order < rows)
            {
                order *= ++degree;
            }

            return degree;
        }

        return kind == GroupKind.Cyclic ? rows : rows / 2;
    }
}
