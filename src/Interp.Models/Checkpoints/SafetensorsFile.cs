using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>
/// A safetensors file, checked: nothing of it is trusted before its header passed every rule of the format. Tensors are copied out
/// straight into their own memory, through a small buffer where the element type changes, or mapped, so that they are the file's pages.
/// </summary>
/// <remarks>Format: huggingface/safetensors. Not thread-safe while disposing; reads may run side by side.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly SafetensorsHeader _header;
    private readonly FileMapping _mapping;
    private readonly FileStream _stream;

    private SafetensorsFile(string path, FileStream stream, SafetensorsHeader header)
    {
        Path = path;
        _stream = stream;
        _header = header;
        _mapping = new FileMapping(stream);
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
        var entry = EntryOf(name);
        using var scope = NewDisposeScope();
        var tensor = empty([.. entry.Shape], entry.Dtype == ScalarType.Bool || dtype is null ? entry.Dtype : dtype.Value);
        TensorFilling.Read(_stream.SafeFileHandle, Path, entry, _header.DataStart, tensor);
        return tensor.to(dtype ?? entry.Dtype, device ?? CPU).MoveToOuterDisposeScope();
    }

    /// <summary>Copies one tensor into memory that is there already.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="target">As many elements in C order on the CPU, of any element type; it stays the caller's.</param>
    /// <exception cref="CheckpointException">There is no such tensor, or its bytes are not of its type.</exception>
    public void Read(string name, Tensor target) => TensorFilling.Read(_stream.SafeFileHandle, Path, EntryOf(name), _header.DataStart, target);

    /// <summary>Whether a tensor holds the same values as another; read in pieces.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="other">As many elements in C order on the CPU, of any element type; it stays the caller's.</param>
    /// <exception cref="CheckpointException">There is no such tensor, or its bytes are not of its type.</exception>
    public bool Matches(string name, Tensor other) => TensorFilling.Matches(_stream.SafeFileHandle, Path, EntryOf(name), _header.DataStart, other);

    /// <summary>
    /// A tensor that is the file's own pages: nothing is copied, the system shares them with everybody who maps the file, and writing
    /// into it changes a private copy of the page. The file must not be cut while the tensor is used.
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>A tensor of the entry's type and shape on the CPU, owned by the caller, which outlives this object; null where the
    /// data are not aligned to their element type or are truth values, which must be checked.</returns>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public Tensor? TryMap(string name) => _mapping.TryMap(EntryOf(name), _header.DataStart);

    /// <summary>Closes the file; tensors read from it or mapped stay.</summary>
    public void Dispose()
    {
        _mapping.Dispose();
        _stream.Dispose();
    }

    private TensorEntry EntryOf(string name) => Entries.TryGetValue(name, out var entry)
        ? entry
        : throw new CheckpointException(_header.Unsupported.TryGetValue(name, out var type)
            ? $"{Path}: tensor {name} is of element type {type}, which is not supported: convert the file to F32, F16 or BF16"
            : $"{Path}: has no tensor {name}; near names: {NearNames.List(name, Entries.Keys)}");
}
