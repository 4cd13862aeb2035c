using System.Globalization;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>All times: what the card can do, the two works that have limits, and every kernel beside plain torch operations.</summary>
internal static class SpeedRuns
{
    /// <summary>Times and adds the rows of the parts asked for, the card's own rates first; what cannot run is said.</summary>
    /// <param name="context">The GPU.</param>
    /// <param name="table">Where the rows go.</param>
    /// <param name="parts">Which of the parts.</param>
    /// <param name="keep">Writes what there is; called after each part.</param>
    public static void Run(CudaContext context, CheckTable table, IReadOnlyCollection<CheckPart> parts, Action keep)
    {
        using var clock = new GpuClock(context);
        using var blas = CuBlas.TryOpen();
        void Part(CheckPart part, string what, bool needsBlas, Action<SpeedBench> run)
        {
            if (!parts.Contains(part))
            {
                return;
            }

            if (needsBlas && blas is null)
            {
                table.LeaveOut($"{what}: no cuBLAS was found (name libcublas.so with {CuBlas.Setting})");
                return;
            }

            Guarded(table, what, () =>
            {
                using var lane = new CudaLane(context, new DriverMemory(context));
                run(new SpeedBench(lane, clock.Median, blas is null ? (_, _, _, _, _, _, _) => { } : blas.Multiply, table));
            });
            keep();
        }

        var rate = double.NaN;
        Part(CheckPart.Step, "the training step", needsBlas: true, StepSpeed.Run);
        if (parts.Contains(CheckPart.Cosines) && blas is not null)
        {
            rate = Guarded(table, "the matrix rate", () => MatrixRate(context, clock, blas, table));
        }

        Part(CheckPart.Cosines, "the cosine histogram", needsBlas: true, bench => CosineSpeed.Run(bench, rate));
        if (parts.Contains(CheckPart.Kernels))
        {
            var copy = Guarded(table, "the copy bandwidth", () => CopyRate(context, clock, table));
            Part(CheckPart.Kernels, "the times of the kernels of rows", needsBlas: false, bench => KernelSpeeds.Run(bench, copy));
            Part(CheckPart.Kernels, "the times of the kernels of sparse codes", needsBlas: false, bench => SparseSpeeds.Run(bench, copy));
            Part(CheckPart.Kernels, "the times of the kernels of pairs", needsBlas: false, bench => PairSpeeds.Run(bench, copy));
        }
    }

    /// <summary>Bytes a second, read and written.</summary>
    private static double CopyRate(CudaContext context, GpuClock clock, CheckTable table)
    {
        const long Bytes = 4L << 30;
        using var memory = new DriverMemory(context);
        context.Enter();
        var (from, to) = (memory.Allocate(Bytes), memory.Allocate(Bytes));
        var time = clock.Median(() => CudaDriver.Check(CudaDriver.CopyOnDevice(to, from, unchecked((nuint)Bytes), CudaContext.Stream), "copying on the GPU"));
        var rate = 2 * Bytes / time * 1e3;
        table.Add(new SpeedRow("copy of 4 GiB", time, string.Create(CultureInfo.InvariantCulture, $"{rate / 1e12:F2} TB/s read and written"), "", double.NaN, double.NaN));
        return rate;
    }

    /// <summary>Operations a second, a multiplication and an addition counted as two.</summary>
    private static double MatrixRate(CudaContext context, GpuClock clock, CuBlas blas, CheckTable table)
    {
        const int Size = 8192;
        using var lane = new CudaLane(context, new DriverMemory(context));
        var (a, b, c) = (RandomPairs.Make(lane, "a", (long)Size * Size, 1), RandomPairs.Make(lane, "b", (long)Size * Size, 1), lane.Zeros<Bfloat16Pair>((long)Size * Size / 2));
        var time = clock.Median(() => blas.Multiply(a.Handle, b.Handle, c.Handle, Size, Size, Size, isWide: false));
        var rate = 2.0 * Size * Size * Size / time * 1e3;
        table.Add(new SpeedRow("matrix product 8192³, bfloat16", time, string.Create(CultureInfo.InvariantCulture, $"{rate / 1e12:F0} Tflop/s"), "", double.NaN, double.NaN));
        return rate;
    }

    private static double Guarded(CheckTable table, string what, Func<double> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            table.LeaveOut($"{what}: {e.Message.ReplaceLineEndings(" ")}");
            return double.NaN;
        }
    }

    private static void Guarded(CheckTable table, string what, Action run) => _ = Guarded(table, what, () =>
    {
        run();
        return 0;
    });
}
