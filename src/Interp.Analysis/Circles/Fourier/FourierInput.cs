using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>A modular-addition model as tables over all pairs (a, b), and a way to run it with other number embeddings.</summary>
internal sealed class FourierInput : IDisposable
{
    /// <summary>p.</summary>
    public required int Modulus { get; init; }

    /// <summary>The embedding of the numbers, float64 [p, d].</summary>
    public required Tensor Embedding { get; init; }

    /// <summary>The second number's own embedding, float64 [p, d]; null where both numbers share one.</summary>
    public Tensor? SecondEmbedding { get; init; }

    /// <summary>The answers' logits, float64 [p, p, p] over a, b and c.</summary>
    public required Tensor Logits { get; init; }

    /// <summary>The layer of <see cref="Neurons"/>.</summary>
    public int? Layer { get; init; }

    /// <summary>Neuron activations where the answer is read, float64 [p, p, n], or null.</summary>
    public Tensor? Neurons { get; init; }

    /// <summary>W_out·W_U, each neuron's direct effect on the answers, float64 [n, p]; null without neurons.</summary>
    public Tensor? NeuronOutput { get; init; }

    /// <summary>What the neurons read of the first number, on average over the second, float64 [p, n]; null without neurons.</summary>
    public Tensor? FirstInput { get; init; }

    /// <summary>What the neurons read of the second number, on average over the first, float64 [p, n]; null without neurons.</summary>
    public Tensor? SecondInput { get; init; }

    /// <summary>The neurons' nonlinearity, elementwise, or null when it is not one.</summary>
    public Func<Tensor, Tensor>? Activation { get; init; }

    /// <summary>The residual stream where the answer is read, float64 [p, p, d].</summary>
    public required Tensor FinalResidual { get; init; }

    /// <summary>The training pairs a·p + b, or null when they are not known.</summary>
    public IReadOnlyList<int>? TrainPairs { get; init; }

    /// <summary>‖θ‖² by weight tensor.</summary>
    public IReadOnlyDictionary<string, double> SquaredWeightNorms { get; init; } = new Dictionary<string, double>();

    /// <summary>The mean cosine of the logits' gradients with respect to both numbers' embeddings, or null when not taken.</summary>
    public double? GradientSymmetry { get; init; }

    /// <summary>The recorded evaluations of the training, or none.</summary>
    public IReadOnlyList<TrainingPoint> Training { get; init; } = [];

    /// <summary>
    /// Logits, float64 [p, p, p] in the current dispose scope, of the model with other embeddings of the numbers:
    /// [p, d] for the first number and [p, d] for the second.
    /// </summary>
    public required Func<Tensor, Tensor, CancellationToken, Tensor> Rerun { get; init; }

    /// <summary>Answers' logits [n, p] in the current dispose scope from other values [n, d] of the last residual stream.</summary>
    public required Func<Tensor, Tensor> Decode { get; init; }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        Embedding.Dispose();
        SecondEmbedding?.Dispose();
        Logits.Dispose();
        Neurons?.Dispose();
        NeuronOutput?.Dispose();
        FirstInput?.Dispose();
        SecondInput?.Dispose();
        FinalResidual.Dispose();
    }
}
