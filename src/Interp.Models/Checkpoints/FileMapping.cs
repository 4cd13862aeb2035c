using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>
/// A file's pages as tensors. libtorch maps the file and keeps the mapping for as long as a tensor uses it; it maps whole files of one
/// element type, so there is a mapping a type, which costs addresses and no memory.
/// </summary>
internal sealed partial class FileMapping(FileStream stream) : IDisposable
{
    private const int PopulateForReading = 22;

    private readonly Dictionary<ScalarType, Tensor> _whole = [];

    /// <summary>A tensor's pages, made present; null where its data are not aligned to its element type.</summary>
    public Tensor? TryMap(TensorEntry entry, long dataStart)
    {
        var (start, bytes) = (dataStart + entry.Begin, entry.ElementCount == 0 ? 0 : (int)(entry.ByteCount / entry.ElementCount));
        if (bytes == 0 || start % bytes != 0 || entry.Dtype == ScalarType.Bool)
        {
            return null;
        }

        if (!_whole.TryGetValue(entry.Dtype, out var whole))
        {
            // The very file whose header was checked, whatever its name stands for by now.
            var path = OperatingSystem.IsLinux() ? $"/proc/self/fd/{stream.SafeFileHandle.DangerousGetHandle()}" : stream.Name;
            whole = from_file(path, shared: false, size: stream.Length / bytes, dtype: entry.Dtype).DetachFromDisposeScope();
            _whole.Add(entry.Dtype, whole);
        }

        using var flat = whole.narrow(0, start / bytes, entry.ElementCount);
        MakePresent(flat, entry.ByteCount);
        return flat.view([.. entry.Shape]);
    }

    public void Dispose()
    {
        foreach (var whole in _whole.Values)
        {
            whole.Dispose();
        }

        _whole.Clear();
    }

    /// <summary>Lets the system bring in all pages at once; where it cannot, they come one by one when they are used.</summary>
    private static unsafe void MakePresent(Tensor flat, long count)
    {
        if (OperatingSystem.IsLinux())
        {
            using var first = flat.narrow(0, 0, 1);
            var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
            var page = address & ~(nint)(Environment.SystemPageSize - 1);
            _ = Advise(page, (nuint)(count + (address - page)), PopulateForReading);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
