using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>What keeping some activations costs: one kind of hook in all layers of GPT-2 small, over the pass that keeps nothing.</summary>
internal static class CaptureBenchmark
{
    private const int Rounds = 5;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "capture", "Keeping one kind of activation in all layers of GPT-2 small, over a pass that keeps nothing.", (progress, cancellation) => Run(Gpt2Shape.Small, 256, Rounds, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(ModelConfig config, int tokens, int rounds, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        (string Name, string Hook)[] kinds =
        [
            ("capture.residual", "blocks.*.hook_resid_post"), ("capture.neurons", "blocks.*.mlp.hook_post"), ("capture.heads", "blocks.*.attn.hook_z"),
            ("capture.patterns", "blocks.*.attn.hook_pattern"), ("capture.results", "blocks.*.attn.hook_result"),
        ];
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        progress?.Report(new StepProgress("capture", 0, 1, "models"));
        using var model = Gpt2Shape.Random(config, seed: 0);
        var ids = randint(config.VocabularySize, [1, tokens], dtype: ScalarType.Int64, generator: generator);
        var work = kinds.Select(kind => new RunOptions { Capture = HookFilter.Names(kind.Hook) }).Prepend(new RunOptions())
            .Select(options => (Action)(() => model.Run(ids, options, cancellation).Dispose())).ToList();
        var seconds = InterleavedTimer.Medians(rounds, cancellation, work);
        progress?.Report(new StepProgress("capture", 1, 1, "models"));
        return [.. kinds.Select((kind, i) => new BenchmarkRow(
            kind.Name, seconds[i + 1] * 1000, "ms", seconds[i + 1] / seconds[0], null, $"{kind.Hook} kept, 1 × {tokens} tokens, over the bare pass ({seconds[0] * 1000:F0} ms)"))];
    }
}
