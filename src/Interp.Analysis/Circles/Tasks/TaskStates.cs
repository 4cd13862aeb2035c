using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Tasks;

/// <summary>What a model makes of all prompts of a task.</summary>
/// <param name="Logits">The candidates' logits, float64 CPU [problem, p].</param>
/// <param name="Alpha">The residual stream entering each layer, and after the last, at α: float64 CPU [problem, d] each.</param>
/// <param name="Last">The same at the last position.</param>
internal sealed record TaskStates(Tensor Logits, IReadOnlyList<Tensor> Alpha, IReadOnlyList<Tensor> Last) : IDisposable
{
    /// <summary>The streams at a position.</summary>
    public IReadOnlyList<Tensor> At(TaskPosition position) => position == TaskPosition.Alpha ? Alpha : Last;

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Logits.Dispose();
        foreach (var state in Alpha.Concat(Last))
        {
            state.Dispose();
        }
    }
}
