using Interp.Compute;
using Interp.Compute.Kernels.DictionaryStep;
using Interp.Compute.Kernels.UnitRowAdam;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>Whole training steps of a dictionary with thresholds, over the encoder's product alone.</summary>
internal static class SaeBenchmark
{
    private const int Width = 768;
    private const int Latents = 12288;
    private const int Batch = 4096;
    private const int Rounds = 9;

    /// <summary>The bandwidth and β₂ of Gemma Scope (arXiv 2408.05147); its rate would move L0 off its target within the repeats.</summary>
    private const double Bandwidth = 0.001;
    private const double Rate = 1e-7;

    private static readonly (int L0, double? Limit)[] s_rows = [(8, 1.3), (32, 1.3), (128, 1.6), (512, null)];

    /// <summary>The catalogue's line.</summary>
    public static Benchmark Entry { get; } = new("sae", "A training step of a threshold dictionary (768 to 12,288, batch 4,096) at four sparsities.", (progress, cancellation) => Run(Batch, Width, Latents, Rounds, progress, cancellation));

    internal static IReadOnlyList<BenchmarkRow> Run(int batch, int width, int latents, int rounds, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(0, CPU);
        var x = randn([batch, width], generator: generator).div_(Math.Sqrt(width));
        var encoder = randn([latents, width], generator: generator);
        encoder = encoder.div_(encoder.norm(1, keepdim: true)).t().contiguous();
        var product = zeros([batch, latents]);
        var rows = s_rows.Where(row => row.L0 < latents).ToArray();
        var runs = rows.Select(row => new TimedStep(x, encoder, row.L0, StepPath.Sparse)).ToArray();
        progress?.Report(new StepProgress("sae: steps", 0, 2, "parts"));
        try
        {
            Action[] work = [() => product.addmm_(x, encoder, 0, 1), .. runs.Select(run => (Action)run.Take)];
            var seconds = InterleavedTimer.Medians(rounds, cancellation, work);
            var detail = $"forward, loss, gradients, Adam (β₁ = 0, β₂ = 0.999), unit directions; x [{batch}, {width}], {latents} latents, float32, window {Bandwidth}, {get_num_threads()} threads; over x·W_enc alone";
            var result = rows.Select((row, i) => new BenchmarkRow(
                $"sae.step.l0-{row.L0}", seconds[i + 1] * 1000, "ms", seconds[i + 1] / seconds[0], row.Limit, $"{detail}; measured L0 {runs[i].L0.ToString("F1", System.Globalization.CultureInfo.InvariantCulture)}")).ToList();
            progress?.Report(new StepProgress("sae: switch-over", 1, 2, "parts"));
            result.Add(SwitchOver(x, encoder, product, cancellation));
            progress?.Report(new StepProgress("sae", 2, 2, "parts"));
            return result;
        }
        finally
        {
            Array.ForEach(runs, run => run.Dispose());
        }
    }

    /// <summary>The sparse way over the dense one where the step changes from one to the other: near 1 if that place is right.</summary>
    private static BenchmarkRow SwitchOver(Tensor x, Tensor encoder, Tensor product, CancellationToken cancellation)
    {
        const int SwitchRounds = 3;
        var l0 = Math.Max(1, (int)(DictionaryTrainingStep.DenseAbove * encoder.shape[1]));
        using var sparse = new TimedStep(x, encoder, l0, StepPath.Sparse);
        using var dense = new TimedStep(x, encoder, l0, StepPath.Dense);
        var seconds = InterleavedTimer.Medians(SwitchRounds, cancellation, () => product.addmm_(x, encoder, 0, 1), sparse.Take, dense.Take);
        var ratio = (seconds[2] / seconds[0]).ToString("F2", System.Globalization.CultureInfo.InvariantCulture);
        return new BenchmarkRow(
            "sae.switch-over", seconds[1] * 1000, "ms", seconds[1] / seconds[2], null, $"the sparse step over the dense one at L0 {l0}, above which the dense one is taken; the dense step is {ratio} times x·W_enc");
    }

    /// <summary>A dictionary whose thresholds give an L0, and its steps.</summary>
    private sealed class TimedStep : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();
        private readonly DictionaryTrainingStep _step = new();
        private readonly DictionaryWeights _weights;
        private readonly DictionaryWeights _moments;
        private readonly DictionaryLoss _loss;
        private readonly Tensor _x;
        private readonly StepPath _path;
        private long _number;

        public TimedStep(Tensor x, Tensor encoder, int l0, StepPath path)
        {
            (_x, _path) = (x, path);
            var (width, latents) = (encoder.shape[0], encoder.shape[1]);
            var decoder = encoder.t().contiguous();
            _weights = new DictionaryWeights(decoder.clone(), zeros(latents), decoder, zeros(width), full(latents, Threshold(x, encoder, l0)));
            _moments = new DictionaryWeights(zeros(latents, width), zeros(latents), zeros(latents, width), zeros(width), zeros(latents));
            _loss = new DictionaryLoss(Bandwidth, mean => 2 * ((mean / l0) - 1) / l0);
            _scope.Detach(x, encoder);
        }

        /// <summary>The mean L0 of the last step.</summary>
        public double L0 { get; private set; }

        public void Take()
        {
            using var noGrad = no_grad();
            using var result = _step.Take(_weights, null, _moments, _x, _loss, new AdamSettings(Rate, 0, 0.999, ++_number), null, _path);
            L0 = result.L0;
        }

        public void Dispose()
        {
            _step.Dispose();
            _scope.Dispose();
        }

        /// <summary>The pre-activation that the wanted number of latents exceeds on a few rows.</summary>
        private static float Threshold(Tensor x, Tensor encoder, int l0)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(64, x.shape[0]);
            var z = x.narrow(0, 0, rows).matmul(encoder).flatten();
            return z.topk((int)(rows * l0)).values[-1].item<float>();
        }
    }
}
