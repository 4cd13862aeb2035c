using Interp.Analysis.Activations.Live;
using Interp.Analysis.Atoms.Training;
using Interp.Models;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Activations.Live;

/// <summary>What a live stream keeps. Its tensors are made on one thread and freed on another, so all of the process are counted and nothing may run beside.</summary>
[CollectionDefinition(nameof(LiveMemoryTests), DisableParallelization = true)]
[Collection(nameof(LiveMemoryTests))]
public sealed class LiveMemoryTests : IDisposable
{
    private const int BufferRows = 20_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
    private readonly LanguageModel _model = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_is_held_stays_below_the_buffer_over_many_epochs()
    {
        using var stream = Open();
        var most = 0L;
        Read(stream, 0, 20, ref most);
        var (tensors, bytes) = (Tensor.TotalCount, Environment.WorkingSet);
        Read(stream, 20, 120, ref most);
        // Room is left for the block under way and its shuffled copy.
        Assert.InRange(most, stream.RowsARound * 8, BufferRows - (2 * stream.RowsARound));
        Assert.InRange(Tensor.TotalCount, 0, tensors + 40);
        // 45 MB of rows went by.
        Assert.InRange(Environment.WorkingSet - bytes, long.MinValue, 20L << 20);
    }

    [Fact]
    public void A_stream_that_is_closed_leaves_no_tensor_alive()
    {
        var most = 0L;
        AssertNoGrowth(() =>
        {
            using var stream = Open();
            Read(stream, 5, 9, ref most);
        });
    }

    [Fact]
    public void Training_leaves_no_tensor_alive()
    {
        var count = 0;
        AssertNoGrowth(() => AtomsAnalysis.Run(
            new AtomsInput(null, _model, null, Path.Combine(_folder, $"{count++}")),
            new AtomsOptions { Steps = 30, BatchSize = 64, Width = [48], TargetL0 = [3], EvaluateEvery = 20, Live = true, BufferRows = 1000 }));
    }

    private static void AssertNoGrowth(Action operation)
    {
        operation();
        var before = Tensor.TotalCount;
        operation();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Read(ActivationStream stream, long from, long to, ref long most)
    {
        for (var round = from; round < to; round++)
        {
            Array.ForEach(stream.Read(round * stream.RowsARound, stream.RowsARound), rows => rows.Dispose());
            most = Math.Max(most, stream.RowsHeld);
        }
    }

    private ActivationStream Open() =>
        ActivationStream.Open(_model, null, ["blocks.0.hook_resid_post"], new ActivationStreamOptions { BufferRows = BufferRows, LastOnly = true });
}
