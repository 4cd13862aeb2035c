using Interp.Analysis.Circles.Fourier;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

/// <summary>
/// A model known in closed form: the embedding holds circles of some frequencies with some amplitudes, and the logits are
/// Σ w_k·cos(2πk(a + b − c)/p), computed from the circles' coordinates; frequencies without weight are decoys.
/// </summary>
internal static class IdealClock
{
    public static FourierInput Create(int modulus, (int Frequency, double Amplitude, double Weight)[] circles, IReadOnlyList<int>? trainPairs = null)
    {
        var number = arange(modulus, dtype: ScalarType.Float64);
        Tensor Angle(int frequency) => number * (2 * Math.PI * frequency / modulus);
        Tensor Run(Tensor first, Tensor second)
        {
            var logits = zeros(modulus, modulus, modulus, dtype: ScalarType.Float64);
            for (var i = 0; i < circles.Length; i++)
            {
                var (frequency, amplitude, weight) = circles[i];
                Tensor Part(Tensor table, int part) => table.select(1, (2 * i) + part) / amplitude;
                var cosine = outer(Part(first, 0), Part(second, 0)) - outer(Part(first, 1), Part(second, 1));
                var sine = outer(Part(first, 0), Part(second, 1)) + outer(Part(first, 1), Part(second, 0));
                logits = logits + (weight * ((cosine.unsqueeze(2) * Angle(frequency).cos()) + (sine.unsqueeze(2) * Angle(frequency).sin())));
            }

            return logits;
        }

        using var scope = NewDisposeScope();
        var embedding = stack(circles.SelectMany(circle => new[] { circle.Amplitude * Angle(circle.Frequency).cos(), circle.Amplitude * Angle(circle.Frequency).sin() }), 1);
        var logits = Run(embedding, embedding);
        return new FourierInput
        {
            Modulus = modulus,
            Embedding = embedding.DetachFromDisposeScope(),
            Logits = logits.DetachFromDisposeScope(),
            FinalResidual = logits.clone().DetachFromDisposeScope(),
            TrainPairs = trainPairs,
            Rerun = (first, second, _) => Run(first, second),
            Decode = residuals => residuals,
        };
    }

    /// <summary>Tables of nothing but noise, which no input changes.</summary>
    public static FourierInput Noise(int modulus, int width, int neurons)
    {
        var random = new SplitMix64(11);
        Tensor Normal(params long[] shape) =>
            tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(_ => random.NextNormal()).ToArray()).reshape(shape);
        var logits = Normal(modulus, modulus, modulus).DetachFromDisposeScope();
        return new FourierInput
        {
            Modulus = modulus,
            Embedding = Normal(modulus, width).DetachFromDisposeScope(),
            Logits = logits,
            Layer = 0,
            Neurons = Normal(modulus, modulus, neurons).DetachFromDisposeScope(),
            NeuronOutput = Normal(neurons, modulus).DetachFromDisposeScope(),
            FinalResidual = Normal(modulus, modulus, width).DetachFromDisposeScope(),
            Rerun = (_, _, _) => logits.clone(),
            Decode = residuals => zeros(residuals.shape[0], modulus, dtype: ScalarType.Float64),
        };
    }
}
