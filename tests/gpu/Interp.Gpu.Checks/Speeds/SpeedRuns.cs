using System.Globalization;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>All times: what the card can do, the two works that have limits, and every kernel beside plain torch operations.</summary>
internal static class SpeedRuns
{
    /// <summary>Times and adds the rows; what cannot run is said.</summary>
    public static void Run(CudaContext context, CheckTable table)
    {
        using var clock = new GpuClock(context);
        using var blas = CuBlas.TryOpen();
        var copy = Guarded(table, "the copy bandwidth", () => CopyRate(context, clock, table));
        Guarded(table, "the kernels' times", () => KernelSpeeds.Run(context, clock, table, copy));
        if (blas is null)
        {
            table.LeaveOut($"the matrix rate, the training step and the cosine histogram: no cuBLAS was found (name libcublas.so with {CuBlas.Setting})");
            return;
        }

        var rate = Guarded(table, "the matrix rate", () => MatrixRate(context, clock, blas, table));
        Guarded(table, "the training step", () => StepSpeed.Run(context, clock, blas, table));
        Guarded(table, "the cosine histogram", () => CosineSpeed.Run(context, clock, blas, table, rate));
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
        var (a, b, c) = (RandomPairs.Make(lane, "a", (long)Size * Size, 1), RandomPairs.Make(lane, "b", (long)Size * Size, 1), lane.Zeros<uint>((long)Size * Size / 2));
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
