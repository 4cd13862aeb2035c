using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Microsoft.Win32.SafeHandles;
using TorchSharp;

namespace Interp.Analysis.Activations;

/// <summary>One shard, opened for reading single rows without loading the rest.</summary>
internal sealed class ShardReader : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly long _dataStart;
    private readonly IReadOnlyDictionary<string, TensorEntry> _entries;

    private ShardReader(SafeFileHandle handle, long dataStart, IReadOnlyDictionary<string, TensorEntry> entries)
    {
        _handle = handle;
        _dataStart = dataStart;
        _entries = entries;
    }

    /// <summary>Opens a shard and checks it against the manifest.</summary>
    public static ShardReader Open(string folder, ActivationManifest manifest, ActivationShard shard)
    {
        var path = Path.Combine(folder, shard.File);
        using var file = SafetensorsFile.Open(path);
        foreach (var hook in manifest.Hooks)
        {
            Check(path, file, hook.Name, shard.Rows, hook.Width);
        }

        foreach (var name in new[] { ActivationWriter.TokenIds, ActivationWriter.Documents, ActivationWriter.Positions })
        {
            Check(path, file, name, shard.Rows);
        }

        var handle = File.OpenHandle(path);
        Span<byte> length = stackalloc byte[8];
        _ = RandomAccess.Read(handle, length, 0);
        return new ShardReader(handle, 8 + BinaryPrimitives.ReadInt64LittleEndian(length), file.Entries);
    }

    /// <summary>Reads rows of a hook as float32.</summary>
    public void ReadRows(string hook, long first, int width, Span<float> target)
    {
        var entry = _entries[hook];
        if (entry.Dtype == torch.ScalarType.Float32)
        {
            ReadBytes(entry, first * width * 4, MemoryMarshal.AsBytes(target));
            return;
        }

        var halves = new ushort[target.Length];
        ReadBytes(entry, first * width * 2, MemoryMarshal.AsBytes(halves.AsSpan()));
        for (var i = 0; i < halves.Length; i++)
        {
            target[i] = entry.Dtype == torch.ScalarType.BFloat16
                ? BitConverter.Int32BitsToSingle(halves[i] << 16)
                : (float)BitConverter.UInt16BitsToHalf(halves[i]);
        }
    }

    /// <summary>Reads whole numbers, one a row.</summary>
    public void ReadIntegers(string name, long first, Span<int> target) => ReadBytes(_entries[name], first * 4, MemoryMarshal.AsBytes(target));

    public void Dispose() => _handle.Dispose();

    private void ReadBytes(TensorEntry entry, long offset, Span<byte> target)
    {
        for (var done = 0; done < target.Length;)
        {
            var read = RandomAccess.Read(_handle, target[done..], _dataStart + entry.Begin + offset + done);
            done += read > 0 ? read : throw new InterpException($"tensor {entry.Name} of an activation shard ends too early; capture the activations again");
        }
    }

    private static void Check(string path, SafetensorsFile file, string name, params long[] shape)
    {
        if (!file.Entries.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(shape))
        {
            var found = entry is null ? "is missing" : $"is [{string.Join(", ", entry.Shape)}]";
            throw new InterpException($"{path}: {name} should be [{string.Join(", ", shape)}] but {found}; capture the activations again");
        }
    }
}
