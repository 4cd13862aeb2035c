using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations;

/// <summary>
/// One hook's rows in a folder of activation shards: read in order, by row, or in shuffled batches. Nothing but the rows asked for
/// is held in memory.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class ActivationStore : IDisposable
{
    private readonly ActivationHook _hook;
    private readonly ShardReader?[] _shards;
    private readonly long[] _starts;
    private int[][]? _prompts;

    private ActivationStore(string folder, ActivationManifest manifest, ActivationHook hook)
    {
        Folder = folder;
        Manifest = manifest;
        _hook = hook;
        _shards = new ShardReader[manifest.Shards.Count];
        _starts = new long[_shards.Length + 1];
        for (var i = 0; i < _shards.Length; i++)
        {
            _starts[i + 1] = _starts[i] + manifest.Shards[i].Rows;
        }

        var identity = $"{hook.Name}|{string.Join('|', manifest.Shards.Select(shard => shard.Sha256))}";
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
    }

    /// <summary>The folder as given.</summary>
    public string Folder { get; }

    /// <summary>What the folder holds.</summary>
    public ActivationManifest Manifest { get; }

    /// <summary>The hook's name.</summary>
    public string Hook => _hook.Name;

    /// <summary>The numbers a row.</summary>
    public int Width => _hook.Width;

    /// <summary>The rows.</summary>
    public long Rows => Manifest.Rows;

    /// <summary>A SHA-256 that changes when the hook or any row does.</summary>
    public string Fingerprint { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">A folder that a capture wrote.</param>
    /// <param name="hook">The hook; null where the folder holds one alone.</param>
    /// <exception cref="InterpException">The folder holds no finished capture or a part of one, a shard is missing or cut short, or the hook is not there.</exception>
    public static ActivationStore Open(string folder, string? hook = null)
    {
        var manifest = ActivationManifest.Read(folder);
        return manifest.Part is { } part
            ? throw new InterpException($"{folder}: is part {part.Index} of {part.Count} of a capture; put the parts together with interp merge first")
            : Open(folder, manifest, hook);
    }

    /// <summary>Opens a folder, or a part of a capture, whose manifest was read.</summary>
    internal static ActivationStore Open(string folder, ActivationManifest manifest, string? hook)
    {
        var names = string.Join(", ", manifest.Hooks.Select(entry => entry.Name));
        if (hook is null && manifest.Hooks.Count > 1)
        {
            throw new InterpException($"{folder}: holds several hooks, name one of {names}");
        }

        var chosen = manifest.Hooks.FirstOrDefault(entry => hook is null || entry.Name == hook)
            ?? throw new InterpException($"{folder}: holds no hook {hook}, only {names}");
        foreach (var shard in manifest.Shards)
        {
            var file = new FileInfo(Path.Combine(folder, shard.File));
            if (!file.Exists || file.Length != shard.Bytes)
            {
                var found = file.Exists ? $"is {file.Length} bytes long instead of {shard.Bytes}" : "is missing";
                throw new InterpException($"{file.FullName}: this shard {found}; copy it again or capture the activations again");
            }
        }

        return new ActivationStore(folder, manifest, chosen);
    }

    /// <summary>Reads every byte and compares it with the manifest's checksums.</summary>
    /// <exception cref="InterpException">A shard has changed; the message names it.</exception>
    public void Verify(CancellationToken cancellation = default)
    {
        var buffer = new byte[1 << 20];
        foreach (var shard in Manifest.Shards)
        {
            using var stream = File.OpenRead(Path.Combine(Folder, shard.File));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != shard.Sha256)
            {
                throw new InterpException($"{stream.Name}: this shard is damaged (its SHA-256 differs); copy it again or capture the activations again");
            }
        }
    }

    /// <summary>Reads rows in order.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns><c>[count, width]</c> float32 on the CPU, owned by the caller.</returns>
    public Tensor Read(long first, int count)
    {
        RequireRange(first, count);
        return Filled(count, values =>
        {
            foreach (var (shard, start, length, offset) in Pieces(first, count))
            {
                Shard(shard).ReadRows(Hook, start, Width, values.Slice(offset * Width, length * Width));
            }
        });
    }

    /// <summary>Reads all rows.</summary>
    /// <returns><c>[rows, width]</c> float32 on the CPU, owned by the caller.</returns>
    /// <exception cref="InterpException">They do not fit one tensor of 2³¹ numbers.</exception>
    public Tensor ReadAll() => Rows * Width < int.MaxValue
        ? Read(0, (int)Rows)
        : throw new InterpException($"{Folder}: {Rows} rows of {Width} numbers are too many to read at once; read them in batches");

    /// <summary>Reads chosen rows, in the order given.</summary>
    /// <param name="rows">Row numbers, repeats allowed.</param>
    /// <returns><c>[rows, width]</c> float32 on the CPU, owned by the caller.</returns>
    public Tensor Gather(ReadOnlySpan<long> rows)
    {
        var wanted = rows.ToArray();
        var order = Enumerable.Range(0, wanted.Length).ToArray();
        Array.Sort((long[])wanted.Clone(), order);
        return Filled(wanted.Length, values =>
        {
            foreach (var place in order)
            {
                RequireRange(wanted[place], 1);
                var shard = ShardOf(wanted[place]);
                Shard(shard).ReadRows(Hook, wanted[place] - _starts[shard], Width, values.Slice(place * Width, Width));
            }
        });
    }

    /// <summary>All rows once, in an order shuffled over all shards that depends on the seed alone; the last batch may be smaller.</summary>
    /// <returns>Tensors <c>[batch, width]</c>, each owned by the caller.</returns>
    public IEnumerable<Tensor> Batches(int batchSize, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        return Rows == 0 ? [] : Shuffled();

        IEnumerable<Tensor> Shuffled()
        {
            var order = new RowPermutation(Rows, seed, "activation batches");
            for (long done = 0; done < Rows; done += batchSize)
            {
                var rows = new long[Math.Min(batchSize, Rows - done)];
                for (var i = 0; i < rows.Length; i++)
                {
                    rows[i] = order[done + i];
                }

                yield return Gather(rows);
            }
        }
    }

    /// <summary>The token at each row.</summary>
    public int[] TokenIds(long first, int count) => Integers(ActivationWriter.TokenIds, first, count);

    /// <summary>The document of each row; for modular addition a·p + b.</summary>
    public int[] Documents(long first, int count) => Integers(ActivationWriter.Documents, first, count);

    /// <summary>The position of each row in its document, from 0.</summary>
    public int[] Positions(long first, int count) => Integers(ActivationWriter.Positions, first, count);

    /// <summary>The tokens of every document, in order; empty when the capture did not keep them.</summary>
    public IReadOnlyList<int[]> Prompts => _prompts ??= ReadPrompts();

    /// <summary>Of a part, the number of each of <see cref="Prompts"/> in the whole capture.</summary>
    internal int[] PromptNumbers()
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder, ActivationWriter.DocumentsFile));
        using var numbers = file.Read(ActivationWriter.DocumentNumbers, ScalarType.Int32);
        return numbers.data<int>().ToArray();
    }

    /// <summary>Closes the shards.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard?.Dispose();
        }
    }

    private Tensor Filled(int count, SpanAction fill)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = empty([count, Width], ScalarType.Float32);
        if (count > 0)
        {
            fill(MemoryMarshal.Cast<byte, float>(values.bytes));
        }

        return values.MoveToOuterDisposeScope();
    }

    private int[] Integers(string name, long first, int count)
    {
        RequireRange(first, count);
        var values = new int[count];
        foreach (var (shard, start, length, offset) in Pieces(first, count))
        {
            Shard(shard).ReadIntegers(name, start, values.AsSpan(offset, length));
        }

        return values;
    }

    /// <summary>The shards that hold a range: the shard, the first row in it, the rows, and where they go.</summary>
    private IEnumerable<(int Shard, long Start, int Length, int Offset)> Pieces(long first, int count)
    {
        for (var done = 0; done < count;)
        {
            var shard = ShardOf(first + done);
            var length = (int)Math.Min(count - done, _starts[shard + 1] - first - done);
            yield return (shard, first + done - _starts[shard], length, done);
            done += length;
        }
    }

    private int ShardOf(long row)
    {
        var place = Array.BinarySearch(_starts, row);
        return place >= 0 ? place : ~place - 1;
    }

    private ShardReader Shard(int index) => _shards[index] ??= ShardReader.Open(Folder, Manifest, Manifest.Shards[index]);

    private int[][] ReadPrompts()
    {
        var path = Path.Combine(Folder, ActivationWriter.DocumentsFile);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        var tokens = file.Read("tokens", ScalarType.Int32).data<int>().ToArray();
        var ends = file.Read("ends", ScalarType.Int32).data<int>().ToArray();
        return ends.Length > 0 && ends[^1] != tokens.Length
            ? throw new InterpException($"{path}: its documents do not end where its tokens do; capture the activations again")
            : [.. ends.Select((end, i) => tokens[(i == 0 ? 0 : ends[i - 1])..end])];
    }

    private void RequireRange(long first, int count)
    {
        if (first < 0 || count < 0 || first + count > Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(first), $"rows {first} to {first + count - 1} of {Rows}");
        }
    }

    private delegate void SpanAction(Span<float> values);
}
