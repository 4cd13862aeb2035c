using System.Globalization;
using Interp.Compute;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>A dictionary's training step in bfloat16 at d 2304, 65,536 latents, 8192 rows, 64 active a row, over its encoder's product.</summary>
internal static class StepSpeed
{
    private const int Rows = 8192;
    private const int Width = 2304;
    private const int Latents = 65536;
    private const double Limit = 1.5;

    // Of a normal variable one part in 1024 lies above it: 64 of 65,536.
    private const double Quantile = 3.0973;

    public static void Run(CudaContext context, GpuClock clock, CuBlas blas, CheckTable table)
    {
        Run<Float32>(context, clock, blas, table, "second moments in float32", Limit);
        Run<Bfloat16>(context, clock, blas, table, "second moments in bfloat16", double.NaN);
    }

    private static void Run<TMoment>(CudaContext context, GpuClock clock, CuBlas blas, CheckTable table, string moments, double limit)
        where TMoment : unmanaged, IMoment<TMoment>
    {
        using var lane = new CudaLane(context, new DriverMemory(context));
        var x = RandomPairs.Make(lane, "x", (long)Rows * Width, 1);
        var weights = (long)Latents * Width;
        var (encoder, seconds, decoderSeconds) = (RandomPairs.Make(lane, "encoder", weights, 1 / Math.Sqrt(Width)), lane.Zeros<TMoment>(weights), lane.Zeros<TMoment>(weights));
        var products = lane.Zeros<Bfloat16Pair>((long)Rows * Latents / 2);
        var state = new StepLaunches(lane, Rows, Latents, Width, 2 * sizeof(ushort))
        {
            Products = products,
            Inputs = x,
            Targets = x,
            Encoder = encoder,
            Decoder = RandomPairs.Make(lane, "decoder", weights, 1 / Math.Sqrt(Width)),
            EncoderSecond = seconds,
            DecoderSecond = decoderSeconds,
            Limits = lane.Copy(Enumerable.Repeat((float)Quantile, Latents).ToArray()),
            Biases = lane.Zeros<float>(Latents),
            DecoderBias = lane.Zeros<float>(Width),
            Scalars = lane.Zeros<float>(4L * Latents),
            Residual = lane.Zeros<Bfloat16Pair>((long)Rows * Width / 2),
        };
        // Steps of size 0 keep the activity where it is, at the same cost.
        var numbers = new LatentStepNumbers { Beta2 = 0.999f, Size = 0, Correction = 1, Epsilon = 1e-8f, Slope = 0.1f, InverseBandwidth = 10 };
        void Encode() => blas.Multiply(x.Handle, encoder.Handle, products.Handle, Rows, Latents, Width, isWide: false);
        Encode();
        state.Take(0.02f, 2f / Rows, numbers);
        var counts = lane.Read(state.Counts);
        if (counts.Max() > RowStepKernels.Capacity)
        {
            throw new InterpException($"a row has {counts.Max()} entries, more than {RowStepKernels.Capacity}");
        }

        if (counts.Average() is < 32 or > 128)
        {
            throw new InterpException($"rows have {counts.Average():F1} entries instead of about 68, so that the step is not the one asked for");
        }

        var product = clock.Median(Encode);
        var whole = clock.Median(() =>
        {
            Encode();
            state.Take(0.02f, 2f / Rows, numbers);
        });
        var entries = counts.Average();
        table.Add(new SpeedRow(
            string.Create(CultureInfo.InvariantCulture, $"training step, {entries:F0} entries a row (windows included), {moments}"), whole, "", "its encoder's product", whole / product, limit));
        Part(table, clock, "compaction", () => state.Compact(0.02f), product);
        Part(table, clock, "decode and residual", () => state.Decode(2f / Rows), product);
        Part(table, clock, "order of latents", state.Order, product);
        Part(table, clock, "directions: gradients, Adam, norms", () => state.UpdateDirections(numbers), product);
        Part(table, clock, "encoder: gradients, Adam", () => state.UpdateEncoder(numbers), product);
        if (!double.IsNaN(limit) && table.Baselines?["sae_step"] is { } torch && !double.IsNaN(torch))
        {
            table.Add(new SpeedRow("training step", whole, "", "dense torch operations", whole / torch, 1));
        }
    }

    private static void Part(CheckTable table, GpuClock clock, string name, Action work, double product)
    {
        var time = clock.Median(work);
        table.Add(new SpeedRow($"  of it: {name}", time, "", "the encoder's product", time / product, double.NaN));
    }
}
