using System.Globalization;
using Interp.Compute;
using Interp.Compute.Kernels.DeviceStep;
using Interp.Compute.Kernels.Elements;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>A dictionary's training step in bfloat16 at d 2304, 65,536 latents, 8192 rows, 64 active a row, over its encoder's product.</summary>
internal static class StepSpeed
{
    private const double Limit = 1.5;

    // Of a normal variable one part in 1024 lies above it: 64 of 65,536.
    private const double Quantile = 3.0973;

    /// <summary>The step of the limit, with second moments in both types.</summary>
    public static void Run(SpeedBench bench)
    {
        var sizes = (Rows: 8192, Width: 2304, Latents: 65536);
        Run<Float32>(bench, sizes, "second moments in float32", Limit);
        Run<Bfloat16>(bench, sizes, "second moments in bfloat16", double.NaN);
    }

    /// <summary>A step of any size; only of the sizes above are its entries what the limit is for.</summary>
    public static void Run<TMoment>(SpeedBench bench, (int Rows, int Width, int Latents) sizes, string moments, double limit)
        where TMoment : unmanaged, IMoment<TMoment>
    {
        var ((rows, width, latents), lane, table) = (sizes, bench.Lane, bench.Table);
        var x = RandomPairs.Make(lane, "x", (long)rows * width, 1);
        var weights = (long)latents * width;
        var (encoder, seconds, decoderSeconds) = (RandomPairs.Make(lane, "encoder", weights, 1 / Math.Sqrt(width)), lane.Zeros<TMoment>(weights), lane.Zeros<TMoment>(weights));
        var products = lane.Zeros<Bfloat16Pair>((long)rows * latents / 2);
        var state = new StepLaunches(lane, rows, latents, width, 2 * sizeof(ushort))
        {
            Products = products,
            Inputs = x,
            Targets = x,
            Encoder = encoder,
            Decoder = RandomPairs.Make(lane, "decoder", weights, 1 / Math.Sqrt(width)),
            EncoderSecond = seconds,
            DecoderSecond = decoderSeconds,
            Limits = lane.Copy(Enumerable.Repeat((float)Quantile, latents).ToArray()),
            Biases = lane.Zeros<float>(latents),
            DecoderBias = lane.Zeros<float>(width),
            Scalars = lane.Zeros<float>(4L * latents),
            Residual = lane.Zeros<Bfloat16Pair>((long)rows * width / 2),
        };
        // Steps of size 0 keep the activity where it is, at the same cost.
        var numbers = new LatentStepNumbers { Beta2 = 0.999f, Size = 0, Correction = 1, Epsilon = 1e-8f, Slope = 0.1f, InverseBandwidth = 10 };
        void Encode() => bench.Multiply(x.Handle, encoder.Handle, products.Handle, rows, latents, width, isWide: false);
        Encode();
        state.Take(0.02f, 2f / rows, numbers);
        var counts = lane.Read(state.Counts);
        if (counts.Max() > RowStepKernels.Capacity)
        {
            throw new InterpException($"a row has {counts.Max()} entries, more than {RowStepKernels.Capacity}");
        }

        if (latents == 65536 && counts.Average() is < 32 or > 128)
        {
            throw new InterpException($"rows have {counts.Average():F1} entries instead of about 68, so that the step is not the one asked for");
        }

        var product = bench.Time(Encode);
        var whole = bench.Time(() =>
        {
            Encode();
            state.Take(0.02f, 2f / rows, numbers);
        });
        var entries = counts.Average();
        table.Add(new SpeedRow(
            string.Create(CultureInfo.InvariantCulture, $"training step, {entries:F0} entries a row (windows included), {moments}"), whole, "", "its encoder's product", whole / product, limit));
        Part(bench, "compaction", () => state.Compact(0.02f), product);
        Part(bench, "decode and residual", () => state.Decode(2f / rows), product);
        Part(bench, "order of latents", state.Order, product);
        Part(bench, "directions: gradients, Adam, norms", () => state.UpdateDirections(numbers), product);
        Part(bench, "encoder: gradients, Adam", () => state.UpdateEncoder(numbers), product);
        if (!double.IsNaN(limit) && table.Baselines?["sae_step"] is { } torch && !double.IsNaN(torch))
        {
            table.Add(new SpeedRow("training step", whole, "", "dense torch operations", whole / torch, 1));
        }
    }

    private static void Part(SpeedBench bench, string name, Action work, double product)
    {
        var time = bench.Time(work);
        bench.Table.Add(new SpeedRow($"  of it: {name}", time, "", "the encoder's product", time / product, double.NaN));
    }
}
