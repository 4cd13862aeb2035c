using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Cuda;

/// <summary>A kernel loaded into a GPU's primary context.</summary>
internal sealed unsafe class CudaKernel
{
    private const int ErrorLogBuffer = 5;
    private const int ErrorLogBufferBytes = 6;
    private const int LogBytes = 8192;

    // CU_LAUNCH_PARAM_BUFFER_POINTER, _SIZE and _END.
    private static readonly nint s_bufferPointer = 1;
    private static readonly nint s_bufferBytes = 2;
    private static readonly nint s_bufferEnd = 0;

    private readonly CudaContext _context;
    private readonly nint _function;
    private readonly PtxEntry _entry;
    private readonly bool _isImplicit;

    private CudaKernel(CudaContext context, string name, nint function, PtxEntry entry, bool isImplicit, int block)
    {
        (_context, Name, _function, _entry, _isImplicit, Block) = (context, name, function, entry, isImplicit, block);
    }

    /// <summary>The type and method.</summary>
    public string Name { get; }

    /// <summary>Threads a block: the fewest blocks that fill a multiprocessor, by the driver's occupancy calculation.</summary>
    public int Block { get; }

    /// <summary>Compiles a kernel and loads it.</summary>
    /// <exception cref="CudaException">The driver refuses it; the message names the kernel and quotes the driver's compiler.</exception>
    public static CudaKernel Load(CudaContext context, MethodInfo method)
    {
        var name = KernelMethods.NameOf(method);
        var ptx = PtxCache.Get(method, context.Device.Major, context.Device.Minor);
        var entry = PtxEntry.Parse(ptx);
        context.Enter();
        var module = LoadModule(name, ptx);
        CudaDriver.Check(CudaDriver.ModuleGetFunction(out var function, module, entry.Name), $"finding the kernel {name}");
        CudaDriver.Check(CudaDriver.OccupancyMaxPotentialBlockSize(out _, out var block, function, 0, 0, 0), $"sizing the kernel {name}");
        return new CudaKernel(context, name, function, entry, PtxCache.IsImplicit(method), block);
    }

    /// <summary>Launches an implicitly grouped kernel: a thread for each number from 0. Does not wait.</summary>
    /// <param name="threads">The threads; nothing is launched for none.</param>
    /// <param name="arguments">All parameters but the thread's number.</param>
    public void Launch(int threads, IReadOnlyList<object> arguments)
    {
        if (!_isImplicit)
        {
            throw new InvalidOperationException($"kernel {Name} is grouped explicitly: say how many blocks");
        }

        if (threads > 0)
        {
            // Small work is spread over more multiprocessors by smaller blocks.
            var block = Math.Clamp((threads / _context.Device.Multiprocessors) & ~31, 32, Block);
            Launch((int)(((long)threads + block - 1) / block), block, KernelArguments.Pack(Name, _entry, threads, arguments));
        }
    }

    /// <summary>Launches an explicitly grouped kernel. Does not wait.</summary>
    public void Launch(int blocks, int block, IReadOnlyList<object> arguments)
    {
        if (blocks > 0)
        {
            Launch(blocks, block, KernelArguments.Pack(Name, _entry, null, arguments));
        }
    }

    private void Launch(int blocks, int block, byte[] packed)
    {
        _context.Enter();
        fixed (byte* bytes = packed)
        {
            var size = (nuint)packed.Length;
            var extra = stackalloc void*[] { (void*)s_bufferPointer, bytes, (void*)s_bufferBytes, &size, (void*)s_bufferEnd };
            CudaDriver.Check(
                CudaDriver.LaunchKernel(_function, (uint)blocks, 1, 1, (uint)block, 1, 1, 0, CudaContext.Stream, null, extra), $"launching the kernel {Name} ({blocks} × {block} threads)");
        }
    }

    private static nint LoadModule(string name, string ptx)
    {
        var text = Encoding.ASCII.GetBytes(ptx + "\0");
        var log = Marshal.AllocHGlobal(LogBytes);
        try
        {
            *(byte*)log = 0;
            var options = stackalloc int[] { ErrorLogBuffer, ErrorLogBufferBytes };
            var values = stackalloc nint[] { log, LogBytes };
            fixed (byte* image = text)
            {
                var status = CudaDriver.ModuleLoadData(out var module, image, 2, options, values);
                var said = Marshal.PtrToStringUTF8(log)?.ReplaceLineEndings(" ").Trim();
                CudaDriver.Check(status, $"loading the kernel {name}{(string.IsNullOrEmpty(said) ? "" : $" ({said})")}");
                return module;
            }
        }
        finally
        {
            Marshal.FreeHGlobal(log);
        }
    }
}
