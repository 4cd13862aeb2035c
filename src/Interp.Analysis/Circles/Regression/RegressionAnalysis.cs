using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Regression;

/// <summary>Explanation via regression: activations over a grid of two inputs are explained by groups of features, one after the other.</summary>
public static class RegressionAnalysis
{
    /// <summary>A residual of at most this share of the whole is nothing.</summary>
    internal const double Nothing = 1e-12;

    private const int Rivals = 5;

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<Tensor, RegressionOptions, RegressionResult>(
        "circles-evr",
        "Explanation via regression",
        "Explains activations over a grid of two inputs by groups of features, given or selected, with held-out cells, degrees of freedom and residual images.",
        SourceKinds.Tensor,
        (sources, _) => TensorReference.Read(sources.Tensor ?? throw new InterpException("circles evr needs activations over a grid: name a tensor [p², d] as FILE:TENSOR")),
        Run,
        RegressionFigures.Draw);

    /// <summary>Explains activations.</summary>
    /// <param name="activations">The rows <c>[p², d]</c>, row p·α + β; stays the caller's.</param>
    /// <param name="options">The groups, or how they are selected.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="cancellation">Stops between groups and between draws.</param>
    /// <exception cref="InterpException">The rows are no grid, all equal, or hold a number that is not finite; a group is unknown.</exception>
    public static RegressionResult Run(Tensor activations, RegressionOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ArgumentNullException.ThrowIfNull(options);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var p = SideOf(activations, options.Grid);
        var rows = activations.detach().to(ScalarType.Float64).cpu();
        var kept = (int)Math.Min(options.Components, Math.Min(rows.shape[0], rows.shape[1]));
        var components = PrincipalComponents.Fit(rows, kept);
        if (!(components.TotalVariance > Nothing * rows.square().mean().item<double>()))
        {
            throw new InterpException("all rows of the activations are equal: there is nothing to explain");
        }

        var values = components.Scores(rows);
        using var fit = new GridFit(values, p, options);
        var stopped = options.Groups.Count > 0 ? Given(fit, options, progress, cancellation) : Select(fit, p, options, progress, cancellation);
        return new RegressionResult
        {
            Grid = p,
            Cells = p * p,
            Dimension = (int)rows.shape[1],
            Components = kept,
            VarianceShare = Math.Min(1, components.ExplainedShare.Sum()),
            R2 = fit.Steps[^1].R2,
            HeldOutR2 = fit.Steps[^1].HeldOutR2,
            Rank = fit.Steps[^1].Rank,
            IsSelected = options.Groups.Count == 0,
            Stopped = stopped,
            Steps = [.. fit.Steps],
            Warnings = [.. Warnings(fit.Steps[^1], p, options)],
        };
    }

    private static int SideOf(Tensor activations, int grid)
    {
        var side = grid > 0 ? grid : activations.dim() == 2 ? (int)Math.Round(Math.Sqrt(activations.shape[0])) : 0;
        return activations.dim() == 2 && side >= 2 && (long)side * side == activations.shape[0] && activations.shape[1] >= 1
            ? side
            : throw new ShapeMismatchException("the activations over a grid", grid > 0 ? $"[{grid}² = {(long)grid * grid}, d]" : "[p², d], p ≥ 2", activations.shape);
    }

    private static string Given(GridFit fit, RegressionOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        foreach (var group in options.Groups)
        {
            fit.Add(group, [], cancellation);
            progress?.Report(new StepProgress("add groups", fit.Steps.Count - 1, options.Groups.Count, "groups"));
        }

        return "all groups that were asked for are in";
    }

    private static string Select(GridFit fit, int p, RegressionOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var left = GridFeatures.Library(p).ToList();
        while (fit.Steps.Count <= options.MaximumGroups)
        {
            if (1 - fit.Steps[^1].R2 <= Nothing)
            {
                return "nothing is left to explain";
            }

            var candidates = left.Select(group => fit.Candidate(group, cancellation)).OrderByDescending(candidate => candidate.Merit).ToArray();
            var chosen = candidates.FirstOrDefault(candidate =>
                candidate.DegreesOfFreedom > 0 && candidate.HeldOutGain > options.MinimumGain && fit.PValue(candidate.Group, cancellation) < options.Significance);
            if (chosen is null)
            {
                return "no further group explains enough of the held-out cells and is significant";
            }

            fit.Add(chosen.Group, [.. candidates.Where(candidate => candidate.Group != chosen.Group).Take(Rivals)], cancellation);
            left.Remove(chosen.Group);
            progress?.Report(new StepProgress("select groups", fit.Steps.Count - 1, options.MaximumGroups, "groups") { Value = fit.Steps[^1].HeldOutR2, ValueName = "held-out R²" });
        }

        return "the most groups that were allowed are in";
    }

    private static IEnumerable<string> Warnings(RegressionStep last, int p, RegressionOptions options)
    {
        if (2 * last.Rank > p * p)
        {
            yield return $"the design has {last.Rank} degrees of freedom for {p * p} cells: much of R² comes for free, read the held-out one";
        }

        if (options.Groups.Count == 0 && options.Significance * (options.Draws + 1) <= 1)
        {
            yield return $"{options.Draws} draws cannot give a p-value below {options.Significance}: no group can be selected";
        }
    }
}
