using System.Diagnostics;
using System.Globalization;
using Interp.Compute;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Lanes;
using Interp.Gpu.Checks.Cases;
using Interp.Gpu.Checks.Speeds;

namespace Interp.Gpu.Checks;

/// <summary>
/// Runs every GPU kernel against plain loops in float64, then times what should be fast on a GPU, and prints one table.
/// <c>--cpu</c> runs the comparison on ILGPU's accelerator for the CPU; <c>--probe-torch</c> only tries whether libtorch computes here.
/// </summary>
internal static class CheckProgram
{
    /// <summary>All as it should be.</summary>
    public const int Good = 0;

    /// <summary>A kernel is wrong, or a limit is not met.</summary>
    public const int Bad = 1;

    /// <summary>The words are wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>There is no GPU here.</summary>
    public const int NoGpu = 3;

    private const int GpuScale = 8;
    private const double KeepEvery = 5;

    /// <summary>Runs; returns the exit status.</summary>
    public static int Run(string[] args, TextWriter output)
    {
        var settings = CheckSettings.Parse(args);
        if (settings is null)
        {
            output.WriteLine("usage: Interp.Gpu.Checks [--cpu | --probe-torch] [--parts correctness,step,cosines,kernels] [--seconds N] [--torch] [--baselines FILE.json] [--out FILE.md]");
            return WrongUsage;
        }

        try
        {
            return settings.ProbesTorch ? TorchCases.Probe(output) : settings.OnCpu ? OnCpu(output) : OnGpu(settings, output);
        }
        catch (InterpException e)
        {
            output.WriteLine($"gpu checks: {e.Message}");
            return Bad;
        }
    }

    /// <summary>Every check; larger inputs for a larger scale.</summary>
    public static IEnumerable<KernelCheck> All(int scale) => [.. RowCases.All(scale), .. PairCases.All(scale), .. PlaneCases.All(scale), .. SparseCases.All(scale), .. StepCases.All(scale), .. CosineProductCases.All(scale)];

    private static int OnCpu(TextWriter output)
    {
        var table = new CheckTable("ILGPU's accelerator for the CPU", null);
        foreach (var check in All(1))
        {
            using var lane = new CpuLane();
            table.Add(check, check.Error(lane));
        }

        table.Write(output);
        return table.IsGood ? Good : Bad;
    }

    private static int OnGpu(CheckSettings settings, TextWriter output)
    {
        if (CudaDevices.Problem is { } problem)
        {
            output.WriteLine($"no GPU was found: {problem}. Nothing was checked on a GPU.");
            return NoGpu;
        }

        var context = CudaContext.Of(0);
        var device = context.Device;
        var table = new CheckTable(
            string.Create(CultureInfo.InvariantCulture, $"{device.Name}, compute capability {device.ComputeCapability}, {device.MemoryBytes / (double)(1L << 30):F0} GiB, driver for CUDA {CudaDevices.DriverVersion}"),
            Baselines.Read(settings.BaselinesFile));
        if (settings.Parts.Contains(CheckPart.Correctness))
        {
            Compare(context, table, settings);
        }

        if (settings.WithTorch)
        {
            try
            {
                TorchCases.Run(table, TorchSharp.torch.CUDA);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                table.Add($"kernels over tensors: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}", "the next after the above", double.NaN, 0);
            }
        }

        Keep(table, settings);
        SpeedRuns.Run(context, table, settings.Parts, () => Keep(table, settings));
        table.Write(output);
        Keep(table, settings);
        return table.IsGood ? Good : Bad;
    }

    /// <summary>Small inputs of every kernel first, so that a run that is cut short has seen each.</summary>
    private static void Compare(CudaContext context, CheckTable table, CheckSettings settings)
    {
        var (begun, kept, left) = (Stopwatch.StartNew(), Stopwatch.StartNew(), 0);
        foreach (var check in All(GpuScale).OrderBy(check => check.Input))
        {
            if (begun.Elapsed.TotalSeconds > settings.Seconds)
            {
                left++;
                continue;
            }

            try
            {
                using var lane = new CudaLane(context, new DriverMemory(context));
                table.Add(check, check.Error(lane));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Wrong numbers may lead anywhere: one kernel must not take the others with it.
                table.AddFailure(check, $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
            }

            if (kept.Elapsed.TotalSeconds > KeepEvery)
            {
                Keep(table, settings);
                kept.Restart();
            }
        }

        if (left > 0)
        {
            table.LeaveOut($"{left} comparisons on large inputs: the time was over");
        }
    }

    // Written more than once, so that what was found stays if something after it hangs.
    private static void Keep(CheckTable table, CheckSettings settings)
    {
        if (settings.OutputFile is { } file)
        {
            using var writer = new StreamWriter(file) { NewLine = "\n" };
            table.Write(writer);
        }
    }
}
