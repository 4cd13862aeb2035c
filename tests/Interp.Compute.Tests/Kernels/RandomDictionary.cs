using Interp.Compute.Kernels.DictionaryStep;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels;

/// <summary>A random dictionary and batch, and the sizes at which kernels are tried.</summary>
internal sealed class RandomDictionary : IDisposable
{
    public const double Bandwidth = 0.2;

    /// <summary>Rows, width, latents and threshold: odd, tiny and empty sizes, more than one tile each way, nothing active, everything active.</summary>
    public static TheoryData<int, int, int, double> Sizes { get; } = new()
    {
        { 20, 6, 10, 0.4 },
        { 1, 1, 1, 0 },
        { 0, 5, 7, 0.4 },
        { 3, 17, 33, 0.1 },
        { 33, 64, 130, 0.9 },
        { 70, 128, 1100, 0.4 },
        { 1030, 5, 17, 0.5 },
        { 9, 3, 1027, 0.5 },
        { 25, 19, 40, 1e6 },
        { 25, 19, 40, -1e6 },
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public RandomDictionary(int rows, int width, int latents, double threshold, ScalarType type)
    {
        using var noGradient = no_grad();
        using var generator = new Generator(17, CPU);
        Tensor Normal(params long[] sizes) => randn(sizes, generator: generator).to(type);
        var decoder = Normal(latents, width);
        Weights = new DictionaryWeights(
            Normal(latents, width) / Math.Sqrt(width), Normal(latents) * 0.3, decoder / decoder.norm(1, keepdim: true), Normal(width) * 0.2,
            Normal(latents).abs() * 0.2 + threshold);
        X = Normal(rows, width);
        Upstream = Normal(rows, width);
        Revived = Normal(latents).gt(0.5).to(type);
    }

    public DictionaryWeights Weights { get; }

    public Tensor X { get; }

    public Tensor Upstream { get; }

    public Tensor Revived { get; }

    /// <summary>The weights' copies.</summary>
    public DictionaryWeights Clone() =>
        new(Weights.Encoder.clone(), Weights.EncoderBias.clone(), Weights.Decoder.clone(), Weights.DecoderBias.clone(), Weights.Thresholds.clone());

    /// <summary>Moments as if steps had been taken already.</summary>
    public DictionaryWeights Moments(double size) => new(
        full_like(Weights.Encoder, size), full_like(Weights.EncoderBias, size), full_like(Weights.Decoder, size), full_like(Weights.DecoderBias, size), full_like(Weights.Thresholds, size));

    public void Dispose() => _scope.Dispose();

    /// <summary>Two tensors agree within a share of the larger one's largest number.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() == 0)
        {
            return;
        }

        var wanted = expected.to(ScalarType.Float64);
        var difference = (wanted - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(difference <= tolerance * Math.Max(1, wanted.abs().max().item<double>()), $"{what} differs by {difference}");
    }
}
