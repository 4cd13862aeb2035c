using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Tests.Activations.Capture;

/// <summary>What the tests of stopped and divided captures share.</summary>
public abstract class CaptureParts : IDisposable
{
    /// <summary>Six batches of three positions each, of which some rows are left out, in several shards.</summary>
    protected static CaptureOptions Options { get; } = new()
    {
        Hooks = ["z0", "blocks.0.hook_resid_mid"],
        Positions = CapturedPositions.All,
        ShardSize = 1,
        OutlierNorm = 1.05,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected LanguageModel Model { get; } = LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    protected string At(string name) => Path.Combine(_folder, name);

    protected CaptureResult Capture(string name, CaptureOptions? options = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        CaptureAnalysis.Run(new CaptureInput(Model, null, At(name)), options ?? Options, progress, cancellation);

    /// <summary>Stops a capture after some of its batches.</summary>
    protected void StopAfter(int batches, string name, CaptureOptions? options = null)
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Capture(name, options, new CancelAfter(source, batches), source.Token));
        Assert.False(File.Exists(Path.Combine(At(name), ActivationManifest.FileName)));
    }

    protected void AssertSameFiles(string expected, string actual)
    {
        var names = Directory.EnumerateFiles(At(expected)).Select(Path.GetFileName).Order().ToArray();
        Assert.Equal(names, Directory.EnumerateFiles(At(actual)).Select(Path.GetFileName).Order());
        Assert.All(names, file => Assert.Equal(File.ReadAllBytes(Path.Combine(At(expected), file!)), File.ReadAllBytes(Path.Combine(At(actual), file!))));
    }

    protected static void AssertSameResult(CaptureResult expected, CaptureResult actual) => Assert.Equal(
        System.Text.Json.JsonSerializer.Serialize(expected, ResultJson.Options), System.Text.Json.JsonSerializer.Serialize(actual, ResultJson.Options));

    private sealed class CancelAfter(CancellationTokenSource source, int reports) : IProgress<StepProgress>
    {
        private int _left = reports;

        public void Report(StepProgress value)
        {
            if (--_left == 0)
            {
                source.Cancel();
            }
        }
    }
}
