using Interp.Compute;

namespace Interp.Workbench.Analyze;

/// <summary>Adds to every step of a stage its share of the whole line.</summary>
/// <param name="inner">Who wants to know, or null.</param>
/// <param name="before">The share of the stages before, 0–1.</param>
/// <param name="share">The share of this stage, 0–1.</param>
internal sealed class LineProgress(IProgress<StepProgress>? inner, double before, double share) : IProgress<StepProgress>
{
    private double _reached;

    /// <inheritdoc/>
    public void Report(StepProgress value)
    {
        // A stage may count several times from nothing; the whole never goes back.
        _reached = Math.Max(_reached, value.Whole ?? value.Fraction ?? 0);
        inner?.Report(value with { Whole = before + (share * _reached) });
    }
}
