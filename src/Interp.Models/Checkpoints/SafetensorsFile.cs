using System.IO.MemoryMappedFiles;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>
/// A safetensors file, memory-mapped and checked: nothing of it is trusted before its header passed every rule of the format.
/// Tensors are copied out one at a time, so the peak is the file's pages plus one tensor.
/// </summary>
/// <remarks>Format: huggingface/safetensors. Not thread-safe while disposing; reads may run side by side.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const long PieceElements = 1L << 26;

    private readonly SafetensorsHeader _header;
    private readonly MemoryMappedFile? _map;
    private readonly FileStream _stream;

    private SafetensorsFile(string path, FileStream stream, SafetensorsHeader header)
    {
        Path = path;
        _stream = stream;
        _header = header;
        _map = stream.Length == 0 ? null : MemoryMappedFile.CreateFromFile(
            stream, mapName: null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _header.Entries;

    /// <summary>The file's own notes.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="CheckpointException">The file is missing, cannot be read, or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new SafetensorsFile(path, stream, SafetensorsHeader.Read(stream, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new CheckpointException(
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"{path}: there is no such file; check the path"
                    : $"{path}: cannot be read ({e.Message})",
                e);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>Copies one tensor out.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="dtype">The element type to convert to; null keeps the file's.</param>
    /// <param name="device">Where to put it; null is the CPU.</param>
    /// <returns>A tensor of the entry's shape, owned by the caller.</returns>
    /// <exception cref="CheckpointException">There is no such tensor, or its bytes are not of its type.</exception>
    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null)
    {
        if (!Entries.TryGetValue(name, out var entry))
        {
            throw new CheckpointException(_header.Unsupported.TryGetValue(name, out var type)
                ? $"{Path}: tensor {name} is of element type {type}, which is not supported: convert the file to F32, F16 or BF16"
                : $"{Path}: has no tensor {name}; near names: {NearNames.List(name, Entries.Keys)}");
        }

        using var scope = NewDisposeScope();
        var tensor = empty([.. entry.Shape], entry.Dtype);
        if (entry.ByteCount > 0)
        {
            Copy(entry, tensor);
        }

        return tensor.to(dtype ?? entry.Dtype, device ?? CPU).MoveToOuterDisposeScope();
    }

    /// <summary>Closes the file; tensors read from it stay.</summary>
    public void Dispose()
    {
        _map?.Dispose();
        _stream.Dispose();
    }

    private void Copy(TensorEntry entry, Tensor target)
    {
        using var view = _map!.CreateViewAccessor(_header.DataStart + entry.Begin, entry.ByteCount, MemoryMappedFileAccess.Read);
        unsafe
        {
            byte* source = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref source);
            try
            {
                source += view.PointerOffset;
                if (entry.Dtype == ScalarType.Bool && HasOtherThanZeroAndOne(source, entry.ByteCount))
                {
                    throw new CheckpointException($"{Path}: tensor {entry.Name} is BOOL but holds bytes other than 0 and 1");
                }

                CopyBytes(source, target, entry);
            }
            finally
            {
                view.SafeMemoryMappedViewHandle.ReleasePointer();
            }
        }
    }

    /// <summary>Spans are limited to 2³¹ elements, so large tensors are copied in pieces.</summary>
    private static unsafe void CopyBytes(byte* source, Tensor target, TensorEntry entry)
    {
        using var flat = target.reshape(-1);
        var elementBytes = entry.ByteCount / entry.ElementCount;
        for (long done = 0; done < entry.ElementCount;)
        {
            var count = Math.Min(PieceElements, entry.ElementCount - done);
            using var piece = flat.narrow(0, done, count);
            new ReadOnlySpan<byte>(source + (done * elementBytes), checked((int)(count * elementBytes))).CopyTo(piece.bytes);
            done += count;
        }
    }

    private static unsafe bool HasOtherThanZeroAndOne(byte* bytes, long count)
    {
        for (long i = 0; i < count; i++)
        {
            if (bytes[i] > 1)
            {
                return true;
            }
        }

        return false;
    }
}
