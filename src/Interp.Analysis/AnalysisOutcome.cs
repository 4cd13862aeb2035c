using TorchSharp;

namespace Interp.Analysis;

/// <summary>What an analysis found, ready to be written as a run.</summary>
/// <param name="Result">The result record, serialised to <c>result.json</c> as it is.</param>
/// <param name="Figures">The figures, written to <c>figures.json</c>.</param>
/// <param name="Tensors">Big arrays for <c>tensors.safetensors</c>; the outcome owns them.</param>
public sealed record AnalysisOutcome(object Result, IReadOnlyList<Figure> Figures, IReadOnlyDictionary<string, torch.Tensor> Tensors) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
