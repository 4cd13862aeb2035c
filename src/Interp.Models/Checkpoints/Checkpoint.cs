using System.Text.Json;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>The weights of a checkpoint folder: one safetensors file, or shards with an index.</summary>
public sealed class Checkpoint : IDisposable
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    /// <summary>The index of the largest published model has a tenth of it.</summary>
    private const long LargestIndex = 256L << 20;

    private readonly Dictionary<string, SafetensorsFile> _fileOfTensor = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> _files = [];
    private readonly string _folder;

    private Checkpoint(string folder) => _folder = folder;

    /// <summary>The tensors' names.</summary>
    public IReadOnlyCollection<string> Names => _fileOfTensor.Keys;

    /// <summary>The files' paths.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(file => file.Path)];

    /// <summary>Opens the weights: the index where there is one, else the single file.</summary>
    /// <exception cref="CheckpointException">There are no weights, or a file or the index is damaged or does not agree.</exception>
    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"{folder}: there is no such folder; check the path");
        }

        var checkpoint = new Checkpoint(folder);
        try
        {
            checkpoint.OpenFiles();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Whether a tensor is there.</summary>
    public bool Contains(string name) => _fileOfTensor.ContainsKey(name);

    /// <summary>What the header says of a tensor.</summary>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public TensorEntry Entry(string name) => FileOf(name).Entries[name];

    /// <summary>Copies one tensor out; see <see cref="SafetensorsFile.Read(string, ScalarType?, Device?)"/>.</summary>
    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null) => FileOf(name).Read(name, dtype, device);

    /// <summary>Copies one tensor into memory that is there already; see <see cref="SafetensorsFile.Read(string, Tensor)"/>.</summary>
    public void Read(string name, Tensor target) => FileOf(name).Read(name, target);

    /// <summary>Whether a tensor holds the same values as another; see <see cref="SafetensorsFile.Matches"/>.</summary>
    public bool Matches(string name, Tensor other) => FileOf(name).Matches(name, other);

    /// <summary>A tensor that is its file's own pages; see <see cref="SafetensorsFile.TryMap"/>.</summary>
    public Tensor? TryMap(string name) => FileOf(name).TryMap(name);

    /// <summary>Closes the files; tensors read from them stay.</summary>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private SafetensorsFile FileOf(string name) => _fileOfTensor.TryGetValue(name, out var file)
        ? file
        : throw new CheckpointException($"{_folder}: has no tensor {name}; near names: {NearNames.List(name, Names)}");

    private void OpenFiles()
    {
        var index = Path.Combine(_folder, IndexFile);
        var single = Path.Combine(_folder, SingleFile);
        if (File.Exists(index))
        {
            OpenShards(index);
        }
        else if (File.Exists(single))
        {
            foreach (var name in Add(single).Entries.Keys)
            {
                _fileOfTensor.Add(name, _files[0]);
            }
        }
        else
        {
            var found = string.Join(", ", Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(8));
            var pickled = Directory.EnumerateFiles(_folder, "*.bin").Concat(Directory.EnumerateFiles(_folder, "*.pt")).Any();
            throw new CheckpointException(
                $"{_folder}: has neither {SingleFile} nor {IndexFile} (found: {(found.Length > 0 ? found : "nothing")})"
                + (pickled ? "; pickled weights can run code, convert them to safetensors" : ""));
        }
    }

    private void OpenShards(string index)
    {
        var shards = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        var mapped = ReadWeightMap(index);
        foreach (var (tensor, shard) in mapped)
        {
            if (!shards.TryGetValue(shard, out var file))
            {
                CheckShardName(index, tensor, shard);
                shards.Add(shard, file = Add(Path.Combine(_folder, shard)));
            }

            if (!file.Entries.ContainsKey(tensor))
            {
                throw new CheckpointException($"{index}: maps tensor {tensor} to {shard}, which does not hold it");
            }

            _fileOfTensor.Add(tensor, file);
        }

        foreach (var file in _files)
        {
            if (file.Entries.Keys.FirstOrDefault(name => !mapped.TryGetValue(name, out var shard) || shard != Path.GetFileName(file.Path)) is { } stray)
            {
                throw new CheckpointException($"{file.Path}: holds tensor {stray}, which {IndexFile} does not map to it");
            }
        }
    }

    private static Dictionary<string, string> ReadWeightMap(string index)
    {
        try
        {
            if (new FileInfo(index).Length > LargestIndex)
            {
                throw new FormatException($"it is {new FileInfo(index).Length:N0} bytes long; an index is not");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in document.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                map.Add(entry.Name, entry.Value.GetString() ?? throw new FormatException($"{entry.Name} has no file"));
            }

            return map;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{index}: holds no weight_map of tensor names to file names ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    private void CheckShardName(string index, string tensor, string shard)
    {
        if (shard.Contains("..", StringComparison.Ordinal) || shard.AsSpan().IndexOfAny('/', '\\', ':') >= 0)
        {
            throw new CheckpointException($"{index}: maps tensor {tensor} outside the folder ({shard})");
        }

        if (!File.Exists(Path.Combine(_folder, shard)))
        {
            throw new CheckpointException($"{index}: names the shard {shard}, which is not there: copy it into {_folder}");
        }
    }

    private SafetensorsFile Add(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        return file;
    }
}
