using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>
/// The forward pass of GPT-2 small over its matrix products alone: the same shapes and the same weights, with nothing between them.
/// What is captured is held until the run is over, as a user would hold it.
/// </summary>
internal static class ForwardBenchmark
{
    private const int Rounds = 9;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "forward", "A forward pass of GPT-2 small on 256 tokens: bare, with every hook captured, and with one hook.", (progress, cancellation) => Run(Gpt2Shape.Small, 256, Rounds, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(ModelConfig config, int tokens, int rounds, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        progress?.Report(new StepProgress("forward", 0, 1, "models"));
        using var model = Gpt2Shape.Random(config, seed: 0);
        using var generator = new Generator(1, CPU);
        var ids = randint(config.VocabularySize, [1, tokens], dtype: ScalarType.Int64, generator: generator);
        var products = new MatrixProducts(model, tokens);
        var middle = config.LayerCount / 2;
        var hook = $"blocks.{middle - 1}.hook_resid_post";
        var all = new RunOptions { Capture = HookFilter.All };
        var seconds = InterleavedTimer.Medians(
            rounds,
            cancellation,
            products.Run,
            () => model.Run(ids, null, cancellation).Dispose(),
            () => model.Run(ids, all, cancellation).Dispose(),
            () => model.Run(ids, new RunOptions { StopAtLayer = middle }, cancellation).Dispose(),
            () => model.Run(ids, new RunOptions { StopAtLayer = middle, Capture = HookFilter.Names(hook) }, cancellation).Dispose());
        progress?.Report(new StepProgress("forward", 1, 1, "models"));
        var shape = $"{config.LayerCount} layers of width {config.Width}, 1 × {tokens} tokens, float32";
        return
        [
            new BenchmarkRow("forward.bare", seconds[1] * 1000, "ms", seconds[1] / seconds[0], 1.15, $"{shape}, over its matrix products alone ({seconds[0] * 1000:F1} ms)"),
            new BenchmarkRow("forward.capture-all", seconds[2] * 1000, "ms", seconds[2] / seconds[1], 1.2, $"{shape}, every hook kept, scores and patterns included, over the bare pass"),
            new BenchmarkRow("forward.one-hook", seconds[4] * 1000, "ms", seconds[4] / seconds[3], 1.05, $"{hook} kept and stopped at layer {middle}, over the same layers without a hook"),
        ];
    }

    /// <summary>The products that the pass cannot do without: QKV, scores and mix of all heads at once, O, both of the MLP, the unembedding.</summary>
    private sealed class MatrixProducts
    {
        private readonly LanguageModel _model;
        private readonly Tensor _stream;
        private readonly Tensor _neurons;
        private readonly Tensor _heads;
        private readonly Tensor _pattern;
        private readonly Tensor[] _keys;

        public MatrixProducts(LanguageModel model, int tokens)
        {
            var config = model.Config;
            _model = model;
            _stream = randn(tokens, config.Width);
            _neurons = randn(tokens, config.MlpWidth);
            _heads = randn(config.HeadCount, tokens, config.HeadWidth);
            _pattern = randn(config.HeadCount, tokens, tokens);

            // Queries, keys and values as one matrix a layer, as the model has them.
            _keys = [.. Enumerable.Range(0, config.LayerCount).Select(layer => cat([.. new[] { "Q", "K", "V" }.Select(letter => Flat($"blocks.{layer}.attn.W_{letter}", config.Width))], 1))];
        }

        public void Run()
        {
            for (var layer = 0; layer < _model.Config.LayerCount; layer++)
            {
                using var scope = NewDisposeScope();
                var weights = _model.Parameters;
                _stream.mm(_keys[layer]);
                _heads.bmm(_heads.transpose(1, 2));
                _pattern.bmm(_heads);
                _stream.mm(weights[$"blocks.{layer}.attn.W_O"].view(-1, _model.Config.Width));
                _stream.mm(weights[$"blocks.{layer}.mlp.W_in"]);
                _neurons.mm(weights[$"blocks.{layer}.mlp.W_out"]);
            }

            _stream.mm(_model.Parameters["unembed.W_U"]).Dispose();
        }

        private Tensor Flat(string name, int width) => _model.Parameters[name].permute(1, 0, 2).reshape(width, -1);
    }
}
