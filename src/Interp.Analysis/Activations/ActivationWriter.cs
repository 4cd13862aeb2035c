using System.Globalization;
using System.Security.Cryptography;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations;

/// <summary>
/// Writes rows of activations to shards, one shard's rows in memory at a time. The manifest is written by <see cref="Complete"/>;
/// disposing without it removes what was written, or, for a capture with an identity, leaves the finished shards to be continued.
/// </summary>
public sealed class ActivationWriter : IDisposable
{
    /// <summary>The file of the documents' tokens.</summary>
    internal const string DocumentsFile = "documents.safetensors";

    /// <summary>In <see cref="DocumentsFile"/> of a part: the documents' numbers in the whole capture.</summary>
    internal const string DocumentNumbers = "numbers";

    internal const string TokenIds = "token_ids";
    internal const string Documents = "documents";
    internal const string Positions = "positions";

    private readonly string _folder;
    private readonly ActivationOrigin _origin;
    private readonly IReadOnlyList<ActivationHook> _hooks;
    private readonly ScalarType _dtype;
    private readonly int _shardRows;
    private readonly List<Tensor>[] _pending;
    private readonly List<int> _tokens = [];
    private readonly List<int> _documents = [];
    private readonly List<int> _positions = [];
    private readonly List<ActivationShard> _shards = [];
    private readonly List<int[]> _prompts = [];
    private readonly List<int> _numbers = [];
    private readonly WriterIdentity _identity;
    private bool _isComplete;

    private ActivationWriter(
        string folder, IReadOnlyList<ActivationHook> hooks, ActivationOrigin origin, ScalarType dtype, int shardRows, WriterIdentity identity)
    {
        _identity = identity;
        _folder = folder;
        _hooks = hooks;
        _origin = origin;
        _dtype = dtype;
        _shardRows = shardRows;
        _pending = [.. hooks.Select(_ => new List<Tensor>())];
    }

    /// <summary>The rows taken so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows left out so far, for the manifest.</summary>
    internal long Dropped { get; set; }

    /// <summary>The shards finished so far.</summary>
    internal IReadOnlyList<ActivationShard> Shards => _shards;

    /// <summary>Starts a capture.</summary>
    /// <param name="folder">A folder without a finished capture; made where it is missing.</param>
    /// <param name="hooks">The hooks that every <see cref="Add"/> gives.</param>
    /// <param name="origin">Where the rows come from.</param>
    /// <param name="dtype">The element type on disk: float32, float16 or bfloat16.</param>
    /// <param name="shardBytes">The size a shard should have, at least one row.</param>
    /// <exception cref="InterpException">The folder already holds a capture.</exception>
    public static ActivationWriter Create(
        string folder, IReadOnlyList<ActivationHook> hooks, ActivationOrigin origin, ScalarType dtype = ScalarType.Float32, long shardBytes = 64L << 20) =>
        Create(folder, hooks, origin, dtype, shardBytes, new WriterIdentity());

    /// <summary>Starts a capture that can be continued, or a part of one, or goes on after the shards that a stopped one finished.</summary>
    /// <inheritdoc cref="Create(string, IReadOnlyList{ActivationHook}, ActivationOrigin, ScalarType, long)"/>
    internal static ActivationWriter Create(
        string folder, IReadOnlyList<ActivationHook> hooks, ActivationOrigin origin, ScalarType dtype, long shardBytes, WriterIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        ArgumentOutOfRangeException.ThrowIfZero(hooks.Count);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new ArgumentException($"activations are not stored as {dtype}", nameof(dtype));
        }

        if (File.Exists(Path.Combine(folder, ActivationManifest.FileName)))
        {
            throw new InterpException($"{folder}: already holds activations; give an empty folder");
        }

        Directory.CreateDirectory(folder);
        var rowBytes = hooks.Sum(hook => (long)hook.Width) * (dtype == ScalarType.Float32 ? 4 : 2);
        var writer = new ActivationWriter(folder, hooks, origin, dtype, (int)Math.Clamp(shardBytes / rowBytes, 1, 1 << 22), identity);
        writer._shards.AddRange(identity.Finished?.Shards ?? []);
        writer.Rows = writer._shards.Sum(shard => (long)shard.Rows);
        return writer;
    }

    /// <summary>Remembers a document's tokens; documents are numbered from 0 in the order given.</summary>
    public void AddDocument(ReadOnlySpan<int> tokens) => AddDocument(tokens, _prompts.Count);

    /// <summary>Remembers a document's tokens under its number in the whole capture; a part has some of the numbers only.</summary>
    internal void AddDocument(ReadOnlySpan<int> tokens, int number)
    {
        _prompts.Add(tokens.ToArray());
        _numbers.Add(number);
    }

    /// <summary>Adds rows.</summary>
    /// <param name="activations">One tensor a hook, in the order of the hooks, each <c>[n, …]</c> with the hook's width in the trailing axes; copied.</param>
    /// <param name="tokenIds">The token at each row.</param>
    /// <param name="documents">The document of each row.</param>
    /// <param name="positions">The position of each row in its document, from 0.</param>
    /// <exception cref="ShapeMismatchException">A tensor has other rows or another width.</exception>
    public void Add(IReadOnlyList<Tensor> activations, ReadOnlySpan<int> tokenIds, ReadOnlySpan<int> documents, ReadOnlySpan<int> positions)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ArgumentOutOfRangeException.ThrowIfNotEqual(activations.Count, _hooks.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(documents.Length, tokenIds.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(positions.Length, tokenIds.Length);
        for (var i = 0; i < _hooks.Count; i++)
        {
            if (activations[i].dim() < 2 || activations[i].shape[0] != tokenIds.Length || activations[i].numel() != (long)tokenIds.Length * _hooks[i].Width)
            {
                throw new ShapeMismatchException($"rows of {_hooks[i].Name}", $"[{tokenIds.Length}, {_hooks[i].Width}]", activations[i].shape);
            }
        }

        for (var done = 0; done < tokenIds.Length;)
        {
            var count = Math.Min(tokenIds.Length - done, _shardRows - _tokens.Count);
            Take(activations, done, count);
            _tokens.AddRange(tokenIds.Slice(done, count));
            _documents.AddRange(documents.Slice(done, count));
            _positions.AddRange(positions.Slice(done, count));
            Rows += count;
            done += count;
            if (_tokens.Count == _shardRows)
            {
                WriteShard();
            }
        }
    }

    /// <summary>Writes what is left and the manifest.</summary>
    /// <returns>The manifest.</returns>
    public ActivationManifest Complete()
    {
        if (_tokens.Count > 0)
        {
            WriteShard();
        }

        if (_prompts.Count > 0)
        {
            WriteDocuments();
        }

        var manifest = new ActivationManifest
        {
            Hooks = _hooks,
            Rows = Rows,
            Dtype = _dtype switch { ScalarType.Float32 => "F32", ScalarType.Float16 => "F16", _ => "BF16" },
            Origin = _origin,
            Dropped = Dropped,
            Part = _identity.Part,
            Shards = _shards,
        };
        manifest.Write(_folder);
        _isComplete = true;
        CaptureState.Delete(_folder);
        return manifest;
    }

    /// <summary>Frees the pending rows, and removes the files of a capture that was not completed.</summary>
    public void Dispose()
    {
        ClearPending();
        if (_isComplete || (_identity.Text is not null && _shards.Count > 0))
        {
            return;
        }

        foreach (var file in _shards.Select(shard => shard.File).Append(DocumentsFile))
        {
            File.Delete(Path.Combine(_folder, file));
        }
    }

    private void Take(IReadOnlyList<Tensor> activations, int first, int count)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < _hooks.Count; i++)
        {
            var rows = activations[i].detach().reshape(-1, _hooks[i].Width).narrow(0, first, count);
            _pending[i].Add(rows.to(_dtype, CPU, copy: true).DetachFromDisposeScope());
        }
    }

    private void WriteShard()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            [TokenIds] = tensor(_tokens.ToArray(), dtype: ScalarType.Int32),
            [Documents] = tensor(_documents.ToArray(), dtype: ScalarType.Int32),
            [Positions] = tensor(_positions.ToArray(), dtype: ScalarType.Int32),
        };
        for (var i = 0; i < _hooks.Count; i++)
        {
            tensors[_hooks[i].Name] = cat(_pending[i], 0);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"activations-{_shards.Count:D5}.safetensors");
        var path = Path.Combine(_folder, name);
        SafetensorsWriter.Write(path, tensors);
        using (var stream = File.OpenRead(path))
        {
            _shards.Add(new ActivationShard(name, _tokens.Count, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream))));
        }

        if (_identity.Text is { } identity)
        {
            new CaptureState { Identity = identity, Shards = _shards }.Write(_folder);
        }

        ClearPending();
    }

    private void WriteDocuments()
    {
        using var scope = NewDisposeScope();
        int[] ends = [.. _prompts.Select(prompt => prompt.Length)];
        for (var i = 1; i < ends.Length; i++)
        {
            ends[i] += ends[i - 1];
        }

        int[] tokens = [.. _prompts.SelectMany(prompt => prompt)];
        var tensors = new Dictionary<string, Tensor>
        {
            ["tokens"] = tensor(tokens, dtype: ScalarType.Int32),
            ["ends"] = tensor(ends, dtype: ScalarType.Int32),
        };
        if (_identity.Part is not null)
        {
            tensors[DocumentNumbers] = tensor(_numbers.ToArray(), dtype: ScalarType.Int32);
        }

        SafetensorsWriter.Write(Path.Combine(_folder, DocumentsFile), tensors);
    }

    private void ClearPending()
    {
        foreach (var tensors in _pending)
        {
            tensors.ForEach(rows => rows.Dispose());
            tensors.Clear();
        }

        _tokens.Clear();
        _documents.Clear();
        _positions.Clear();
    }
}
