using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Training;
using Interp.Analysis.Tests.Atoms;
using Interp.Compute;
using Interp.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Devices;

/// <summary>Dictionaries trained on a device that is not the CPU: nothing meets a tensor of the CPU, and they become what they become there.</summary>
public sealed class TrainingDeviceTests : IDisposable
{
    /// <summary>Float32 rounding of other kernels, grown over the steps by Adam's division.</summary>
    private const double Tolerance = 2e-3;

    // Latents die and are started again within the steps, and states are saved on the way.
    private static readonly AtomsOptions s_short = new() { Steps = 6, BatchSize = 64, Width = [24], TargetL0 = [3], EvaluateEvery = 6, CheckpointEvery = 4, DeadAfterRows = 64 * 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public static TheoryData<TrainedArchitecture> Architectures => [.. Enum.GetValues<TrainedArchitecture>()];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_architecture_becomes_the_CPUs_dictionary_and_is_saved_alike(TrainedArchitecture architecture)
    {
        SyntheticFeatures.Write(At("store"), 500, 12, 20, 3).Dispose();
        AssertSame(s_short with { Architecture = [architecture] });
    }

    [Theory]
    [InlineData(EncoderStart.WhitenedTie, DirectionStart.Random, DeadLatentRemedy.None)]
    [InlineData(EncoderStart.Tied, DirectionStart.Samples, DeadLatentRemedy.Resample)]
    public void So_it_is_from_every_start(EncoderStart encoder, DirectionStart directions, DeadLatentRemedy remedy)
    {
        SyntheticFeatures.Write(At("store"), 500, 12, 20, 3).Dispose();
        AssertSame(s_short with { EncoderStart = encoder, DirectionStart = directions, DeadLatents = remedy });
    }

    [Theory]
    [InlineData(TrainedArchitecture.JumpRelu, true)]
    [InlineData(TrainedArchitecture.TopK, true)]
    [InlineData(TrainedArchitecture.Relu, false)]
    public void So_it_is_for_transcoders(TrainedArchitecture architecture, bool skip)
    {
        using (var scope = NewDisposeScope())
        {
            var x = RandomTensor.Normal(400, 8);
            int[] index = [.. Enumerable.Range(0, 400)];
            using var writer = ActivationWriter.Create(At("store"), [new("in", 8), new("out", 6)], new ActivationOrigin());
            writer.Add([x, (x.matmul(RandomTensor.Normal(8, 6, 2)) * 3) + 5], index, index, index);
            writer.Complete();
        }

        AssertSame(s_short with { Architecture = [architecture], Hook = "in", TargetHook = "out", Skip = skip });
    }

    [Fact]
    public void A_stopped_run_goes_on_there_bit_for_bit()
    {
        SyntheticFeatures.Write(At("store"), 500, 12, 20, 3).Dispose();
        var there = OtherDevice.Require();
        Train(there, "whole", s_short);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(there, "half", s_short, new Canceller(source, 5), source.Token));
        Train(there, "half", s_short with { Resume = true });
        Assert.Equal(File.ReadAllBytes(At("whole/sae_weights.safetensors")), File.ReadAllBytes(At("half/sae_weights.safetensors")));
    }

    private void AssertSame(AtomsOptions options)
    {
        var expected = Train(CPU, "here", options);
        var found = Train(OtherDevice.Require(), "there", options);
        Assert.Equal(expected.HeldOutExplainedVariance, found.HeldOutExplainedVariance, Tolerance);
        Assert.Equal(expected.History.Count, found.History.Count);
        using var here = SparseAutoencoder.Load(At("here"));
        using var there = SparseAutoencoder.Load(At("there"));
        Assert.Equal(here.Info.Architecture, there.Info.Architecture);
        Assert.Equal(
            Directory.EnumerateFiles(At("here")).Select(Path.GetFileName).Order(), Directory.EnumerateFiles(At("there")).Select(Path.GetFileName).Order());
        using var scope = NewDisposeScope();
        Tensor[] left = [here.EncoderWeights, here.DecoderDirections, here.DecoderBias, here.EncoderBias];
        Tensor[] right = [there.EncoderWeights, there.DecoderDirections, there.DecoderBias, there.EncoderBias];
        foreach (var (a, b) in left.Zip(right))
        {
            Assert.InRange((a - b).abs().max().item<float>(), 0, Tolerance * Math.Max(1, a.abs().max().item<float>()));
        }
    }

    private AtomsResult Train(Device device, string name, AtomsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        AtomsAnalysis.Run(new AtomsInput(At("store"), null, null, At(name), device), options, progress, cancellation);

    private string At(string name) => Path.Combine(_folder, name);

    private sealed class Canceller(CancellationTokenSource source, int step) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Done == step)
            {
                source.Cancel();
            }
        }
    }
}
