using Interp.Compute.Cuda;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>Times work on the GPU by the driver's events.</summary>
internal sealed class GpuClock : IDisposable
{
    private const int WarmUps = 3;

    private readonly CudaContext _context;
    private readonly nint _from;
    private readonly nint _to;

    public GpuClock(CudaContext context)
    {
        _context = context;
        context.Enter();
        CudaDriver.Check(CudaDriver.EventCreate(out _from, 0), "making an event");
        CudaDriver.Check(CudaDriver.EventCreate(out _to, 0), "making an event");
    }

    /// <summary>The median time of one call, in milliseconds.</summary>
    public double Median(Action work, int repeats = 15)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            work();
        }

        var times = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            _context.Enter();
            CudaDriver.Check(CudaDriver.EventRecord(_from, CudaContext.Stream), "timing");
            work();
            CudaDriver.Check(CudaDriver.EventRecord(_to, CudaContext.Stream), "timing");
            CudaDriver.Check(CudaDriver.EventSynchronize(_to), "waiting for timed work");
            CudaDriver.Check(CudaDriver.EventElapsedTime(out var milliseconds, _from, _to), "timing");
            times[i] = milliseconds;
        }

        Array.Sort(times);
        return times[repeats / 2];
    }

    public void Dispose()
    {
        _ = CudaDriver.EventDestroy(_from);
        _ = CudaDriver.EventDestroy(_to);
    }
}
