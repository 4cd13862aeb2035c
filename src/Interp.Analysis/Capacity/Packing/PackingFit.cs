namespace Interp.Analysis.Capacity.Packing;

/// <summary>One form fitted by least squares on ε, and how well it predicts.</summary>
/// <param name="Form">The form.</param>
/// <param name="Parameters">C, or C, a, b, c.</param>
/// <param name="RSquared">1 − squared error over squared deviations, all cells.</param>
/// <param name="ErrorAbove">The mean |relative error| of ε over the cells with k &gt; d, where the forms apply, in per cent.</param>
/// <param name="ErrorAll">The same over all cells, the published figure; it rests on the few cells with k ≤ d, whose ε is nearly 0.</param>
/// <param name="RootMeanSquare">The root mean square error of ε, all cells.</param>
/// <param name="ErrorHeldOut">The fairer split: fitted on k ≤ half the largest k, in per cent over the larger k; k &gt; d only; null without such cells.</param>
public sealed record PackingFit(
    PackingForm Form, IReadOnlyList<double> Parameters, double RSquared, double ErrorAbove, double ErrorAll, double RootMeanSquare, double? ErrorHeldOut);
