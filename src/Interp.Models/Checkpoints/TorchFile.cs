using System.IO.Compression;
using Interp.Models.Checkpoints.Pickle;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>
/// A file that <c>torch.save</c> wrote (<c>.pt</c>, <c>.pth</c>, <c>.bin</c>): tensors and plain values by name. Its pickle is read by a
/// restricted machine that runs nothing of the file.
/// </summary>
public sealed class TorchFile : IDisposable
{
    private const long LargestPickle = 64L << 20;
    private const int PieceBytes = 1 << 24;

    private readonly ZipArchive _archive;
    private readonly string _root;

    private TorchFile(string path, ZipArchive archive, string root, IReadOnlyDictionary<string, object?> values)
    {
        Path = path;
        _archive = archive;
        _root = root;
        Values = values;
    }

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>The entries of the saved dictionary: <see cref="TorchTensor"/>, text, long, double, bool, null, or a dictionary of such.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; }

    /// <summary>Opens a file and reads its names and shapes; no tensor is read yet.</summary>
    /// <exception cref="CheckpointException">It is missing, damaged, of the layout before 2020, or asks for more than tensors.</exception>
    public static TorchFile Open(string path)
    {
        ZipArchive archive;
        try
        {
            archive = ZipFiles.Open(path, "a PyTorch file");
        }
        catch (CheckpointException e) when (e.InnerException is InvalidDataException)
        {
            throw new CheckpointException($"{path}: is no PyTorch archive (damaged, or of the layout before PyTorch 1.6): load and save it again with a newer PyTorch, or as safetensors", e);
        }

        try
        {
            var pickle = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
                ?? throw new CheckpointException($"{path}: holds no data.pkl, so torch.save did not write it");
            if (pickle.Length > LargestPickle)
            {
                throw new CheckpointException($"{path}: its data.pkl is {pickle.Length} bytes long; a state dictionary's is small");
            }

            var root = pickle.FullName[..^"data.pkl".Length];
            RequireLittleEndian(path, archive, root);
            var bytes = new byte[pickle.Length];
            using (var stream = pickle.Open())
            {
                stream.ReadExactly(bytes);
            }

            return PickleReader.Read(bytes, path) is PickleDictionary dictionary
                ? new TorchFile(path, archive, root, Plain(dictionary))
                : throw new CheckpointException($"{path}: holds no dictionary of tensors");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            archive.Dispose();
            throw new CheckpointException($"{path}: is damaged ({e.Message})", e);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor, whatever its strides, into row order.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The element type to convert to; null keeps the file's.</param>
    /// <returns>A tensor owned by the caller.</returns>
    /// <exception cref="CheckpointException">There is no such tensor, or its storage does not hold it.</exception>
    public Tensor Read(string name, ScalarType? dtype = null)
    {
        if (!Values.TryGetValue(name, out var value) || value is not TorchTensor tensor)
        {
            throw new CheckpointException($"{Path}: has no tensor {name}, only {string.Join(", ", Values.Keys)}");
        }

        var entry = _archive.GetEntry($"{_root}data/{tensor.Storage}");
        if (entry is null || !tensor.IsSound())
        {
            throw new CheckpointException($"{Path}: tensor {name} reaches beyond its storage, or has none");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var width = empty(0, dtype: tensor.Dtype).element_size();
        if (entry.Length != tensor.StorageCount * width)
        {
            throw new CheckpointException($"{Path}: the storage of tensor {name} has {entry.Length} bytes instead of {tensor.StorageCount * width}");
        }

        var storage = empty(tensor.StorageCount, dtype: tensor.Dtype);
        try
        {
            using var stream = entry.Open();
            TensorBytes.Fill(storage, stream, PieceBytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointException($"{Path}: the storage of tensor {name} is damaged ({e.Message})", e);
        }

        var view = tensor.Shape.Contains(0) ? empty([.. tensor.Shape], tensor.Dtype) : storage.as_strided([.. tensor.Shape], [.. tensor.Stride], tensor.Offset);
        return view.to(dtype ?? tensor.Dtype).contiguous().clone().MoveToOuterDisposeScope();
    }

    /// <summary>Closes the file; tensors read from it stay.</summary>
    public void Dispose() => _archive.Dispose();

    private static void RequireLittleEndian(string path, ZipArchive archive, string root)
    {
        if (archive.GetEntry($"{root}byteorder") is not { Length: < 16 } entry)
        {
            return;
        }

        using var reader = new StreamReader(entry.Open());
        if (reader.ReadToEnd() is var order && order != "little")
        {
            throw new CheckpointException($"{path}: is in {order} byte order; save it on a little-endian machine");
        }
    }

    private static Dictionary<string, object?> Plain(PickleDictionary dictionary) =>
        dictionary.Entries.ToDictionary(entry => entry.Key, entry => entry.Value is PickleDictionary inner ? Plain(inner) : entry.Value);
}
