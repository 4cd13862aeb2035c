using Interp.Compute;
using Interp.Models;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>
/// Loading a checkpoint that the benchmark writes to a temporary folder and deletes: the time over that of reading the file once into
/// one small buffer, the system's cache warm for both, and the peak of resident memory over the weights in the type asked for.
/// </summary>
internal static class LoadBenchmark
{
    private const int Rounds = 7;
    private const int BufferBytes = 1 << 20;

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new(
        "load", "Loading a 500 MB float32 checkpoint: time over reading the file once, peak memory over the weights.", (progress, cancellation) => Run(Gpt2Shape.Small, Rounds, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(ModelConfig config, int rounds, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("interp-bench-load-").FullName;
        try
        {
            // GPT-2's layout is what the products use; the other one has queries, keys and values to put side by side.
            progress?.Report(new StepProgress("load: write checkpoints", 0, 3, "steps"));
            var whole = BenchmarkCheckpoint.Gpt2(Path.Combine(folder, "whole"), config, cancellation);
            var sharded = BenchmarkCheckpoint.Llama(Path.Combine(folder, "sharded"), config, shards: 4, cancellation);
            progress?.Report(new StepProgress("load: times", 1, 3, "steps"));
            var times = Times(whole, rounds, cancellation);
            var shardedTimes = Times(sharded, rounds, cancellation);
            progress?.Report(new StepProgress("load: memory", 2, 3, "steps"));
            var peaks = new[]
            {
                Peak("load.memory", whole, ScalarType.Float32, 1.15, "one file, GPT-2's layout"),
                Peak("load.memory.sharded", sharded, ScalarType.Float32, 1.15, "4 shards, Llama's layout"),
                Peak("load.memory.bfloat16", sharded, ScalarType.BFloat16, 1.15, "the same as bfloat16"),
                Peak("load.memory.forward", whole, ScalarType.Float32, null, "one file, and then a forward pass of 8 tokens"),
            };
            progress?.Report(new StepProgress("load", 3, 3, "steps"));
            return
            [
                Time("load.time", whole, times, "one file, GPT-2's layout"),
                Time("load.time.sharded", sharded, shardedTimes, "4 shards, Llama's layout"),
                .. peaks,
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<double> Times(string folder, int rounds, CancellationToken cancellation)
    {
        var files = Directory.GetFiles(folder, "*.safetensors");
        var buffer = new byte[BufferBytes];
        LanguageModel? model = null;
        try
        {
            return InterleavedTimer.Medians(
                rounds,
                cancellation,
                () => ReadOnce(files, buffer),
                () => model = LanguageModel.Load(folder, null, null, cancellation),
                () => Interlocked.Exchange(ref model, null)?.Dispose());
        }
        finally
        {
            model?.Dispose();
        }
    }

    private static void ReadOnce(string[] files, byte[] buffer)
    {
        foreach (var path in files)
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            for (long at = 0, read; (read = RandomAccess.Read(file, buffer, at)) > 0; at += read)
            {
            }
        }
    }

    private static BenchmarkRow Time(string name, string folder, IReadOnlyList<double> seconds, string what) =>
        new(name, seconds[1] * 1000, "ms", seconds[1] / seconds[0], 1.5, $"{what}, {Megabytes(folder)} MB float32, over reading the bytes once ({seconds[0] * 1000:F0} ms), cache warm");

    private static BenchmarkRow Peak(string name, string folder, ScalarType dtype, double? limit, string what)
    {
        long weights = 0;
        var peak = PeakMemory.Rise(() =>
        {
            using var model = LanguageModel.Load(folder, new ModelLoadOptions { Dtype = dtype });
            weights = model.ParameterCount * (dtype == ScalarType.Float32 ? 4 : 2);
            if (limit is null)
            {
                using var ids = zeros(1, 8, dtype: ScalarType.Int64);
                model.Run(ids).Dispose();
            }
        });
        return new(name, peak, "MB", peak * 1e6 / weights, limit, $"{what}: peak resident memory above what the program had before, over {weights / 1e6:F0} MB of weights");
    }

    private static long Megabytes(string folder) => Directory.GetFiles(folder, "*.safetensors").Sum(path => new FileInfo(path).Length) / 1_000_000;
}
