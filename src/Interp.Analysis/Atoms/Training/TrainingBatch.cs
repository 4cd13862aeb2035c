using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>Rows of a step, scaled.</summary>
/// <param name="Input">What is read <c>[B, d_in]</c>.</param>
/// <param name="Target">What is to be written <c>[B, d_out]</c>; the input itself for an autoencoder.</param>
internal sealed record TrainingBatch(Tensor Input, Tensor Target) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        Target.Dispose();
    }
}
