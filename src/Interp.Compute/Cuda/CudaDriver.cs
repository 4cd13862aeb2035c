using System.Runtime.InteropServices;

namespace Interp.Compute.Cuda;

/// <summary>The functions of the NVIDIA driver that are used, by the names of its manual (CUDA Driver API).</summary>
internal static unsafe partial class CudaDriver
{
    /// <summary>The library's name on Windows; elsewhere the resolver gives <see cref="LinuxName"/>.</summary>
    internal const string Library = "nvcuda";

    internal const string LinuxName = "libcuda.so.1";

    private static readonly Lazy<string?> s_problem = new(Start);

    /// <summary>Why the driver cannot be used, in one clause; null when it can.</summary>
    public static string? Problem => s_problem.Value;

    /// <summary>Turns a status into an exception.</summary>
    /// <param name="status">What a function returned.</param>
    /// <param name="doing">What was being done, with the kernel's name where there is one.</param>
    /// <exception cref="CudaException">The status is no success.</exception>
    public static void Check(int status, string doing)
    {
        if (status != 0)
        {
            throw new CudaException(doing, status, NameOf(status), TextOf(status));
        }
    }

    [LibraryImport(Library, EntryPoint = "cuInit")]
    public static partial int Init(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDriverGetVersion")]
    public static partial int DriverGetVersion(out int version);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetCount")]
    public static partial int DeviceGetCount(out int count);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    public static partial int DeviceGet(out int device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    public static partial int DeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    public static partial int DeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    public static partial int DeviceTotalMem(out nuint bytes, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial int PrimaryContextRetain(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial int PrimaryContextRelease(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxSetCurrent")]
    public static partial int ContextSetCurrent(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxGetCurrent")]
    public static partial int ContextGetCurrent(out nint context);

    [LibraryImport(Library, EntryPoint = "cuModuleLoadDataEx")]
    public static partial int ModuleLoadData(out nint module, byte* image, uint optionCount, int* options, nint* values);

    [LibraryImport(Library, EntryPoint = "cuModuleUnload")]
    public static partial int ModuleUnload(nint module);

    [LibraryImport(Library, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(Library, EntryPoint = "cuOccupancyMaxPotentialBlockSize")]
    public static partial int OccupancyMaxPotentialBlockSize(out int minimumGrid, out int block, nint function, nint sharedMemoryOfBlock, nuint sharedBytes, int limit);

    [LibraryImport(Library, EntryPoint = "cuLaunchKernel")]
    public static partial int LaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream, void** parameters, void** extra);

    [LibraryImport(Library, EntryPoint = "cuStreamSynchronize")]
    public static partial int StreamSynchronize(nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    public static partial int MemoryGetInfo(out nuint free, out nuint total);

    [LibraryImport(Library, EntryPoint = "cuMemAlloc_v2")]
    public static partial int MemoryAllocate(out nint pointer, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFree_v2")]
    public static partial int MemoryFree(nint pointer);

    [LibraryImport(Library, EntryPoint = "cuMemcpyHtoD_v2")]
    public static partial int CopyToDevice(nint target, void* source, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoH_v2")]
    public static partial int CopyToHost(void* target, nint source, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoDAsync_v2")]
    public static partial int CopyOnDevice(nint target, nint source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemsetD8Async")]
    public static partial int Fill(nint target, byte value, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuEventCreate")]
    public static partial int EventCreate(out nint handle, uint flags);

    [LibraryImport(Library, EntryPoint = "cuEventDestroy_v2")]
    public static partial int EventDestroy(nint handle);

    [LibraryImport(Library, EntryPoint = "cuEventRecord")]
    public static partial int EventRecord(nint handle, nint stream);

    [LibraryImport(Library, EntryPoint = "cuEventSynchronize")]
    public static partial int EventSynchronize(nint handle);

    [LibraryImport(Library, EntryPoint = "cuEventElapsedTime")]
    public static partial int EventElapsedTime(out float milliseconds, nint from, nint to);

    [LibraryImport(Library, EntryPoint = "cuGetErrorName")]
    private static partial int GetErrorName(int status, out nint text);

    [LibraryImport(Library, EntryPoint = "cuGetErrorString")]
    private static partial int GetErrorString(int status, out nint text);

    private static string NameOf(int status) => GetErrorName(status, out var text) == 0 ? Marshal.PtrToStringUTF8(text) ?? "" : "";

    private static string TextOf(int status) => GetErrorString(status, out var text) == 0 ? Marshal.PtrToStringUTF8(text) ?? "" : "";

    private static string? Start()
    {
        var name = OperatingSystem.IsWindows() ? Library : LinuxName;
        if (OperatingSystem.IsMacOS() || !NativeLibrary.TryLoad(name, out _))
        {
            return $"there is no NVIDIA driver ({(OperatingSystem.IsWindows() ? "nvcuda.dll" : LinuxName)} is not found)";
        }

        Devices.TorchLibraries.Register();
        var status = Init(0);
        if (status != 0)
        {
            return $"the NVIDIA driver does not start ({NameOf(status)}: {TextOf(status)})";
        }

        return DeviceGetCount(out var count) == 0 && count > 0 ? null : "the NVIDIA driver finds no GPU";
    }
}
