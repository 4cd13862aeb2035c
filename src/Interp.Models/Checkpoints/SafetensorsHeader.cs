using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>Parses and checks the header of a safetensors file. Every rule that fails names itself.</summary>
/// <remarks>Source: huggingface/safetensors, <c>safetensors/src/tensor.rs</c>; limits on rank and name length are ours.</remarks>
internal sealed class SafetensorsHeader
{
    private const long MaximumHeaderBytes = 100_000_000;
    private const int MaximumRank = 8;
    private const int MaximumNameLength = 1024;

    private readonly string _file;
    private readonly Dictionary<string, TensorEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unsupported = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(string file) => _file = file;

    /// <summary>The readable tensors by name, in the order of their bytes.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    /// <summary>Tensors of an element type that is not supported, with that type's name; an error only when asked for.</summary>
    public IReadOnlyDictionary<string, string> Unsupported => _unsupported;

    /// <summary>The file's own notes.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The first byte of the data in the file.</summary>
    public long DataStart { get; private set; }

    /// <summary>Reads the header from the start of a file.</summary>
    /// <exception cref="CheckpointException">A rule of the format is broken.</exception>
    public static SafetensorsHeader Read(Stream stream, string file)
    {
        var header = new SafetensorsHeader(file);
        header.Parse(stream);
        return header;
    }

    private void Parse(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < 8)
        {
            throw Broken($"it is {stream.Length} bytes long, too short for a header; it may be truncated: copy it again");
        }

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeaderBytes || (long)length > stream.Length - 8)
        {
            throw Broken($"its header claims {length} bytes of a {stream.Length}-byte file; it is truncated or no safetensors file");
        }

        var bytes = new byte[(int)length];
        stream.ReadExactly(bytes);
        DataStart = 8 + (long)length;
        ParseJson(bytes);
        CheckRanges(stream.Length - DataStart);
    }

    private void ParseJson(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes[0] != (byte)'{')
        {
            throw Broken("its header does not start with '{'; it is no safetensors file");
        }

        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ParseEntry(ref reader, reader.GetString()!);
            }

            if (bytes.AsSpan((int)reader.BytesConsumed).IndexOfAnyExcept((byte)' ') >= 0)
            {
                throw Broken("bytes other than spaces follow the header's JSON");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{_file}: its header is no valid JSON of the safetensors form ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    private void ParseEntry(ref Utf8JsonReader reader, string name)
    {
        if (name == "__metadata__")
        {
            ParseMetadata(ref reader);
            return;
        }

        if (name.Length is 0 or > MaximumNameLength || name.Any(char.IsControl))
        {
            throw Broken($"a tensor's name is empty, longer than {MaximumNameLength} characters or holds control characters");
        }

        if (_entries.ContainsKey(name) || _unsupported.ContainsKey(name))
        {
            throw Broken($"tensor {name} is listed twice");
        }

        string? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            switch (field)
            {
                case "dtype" when dtype is null:
                    Expect(ref reader, JsonTokenType.String, name);
                    dtype = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = Integers(ref reader, name);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Integers(ref reader, name);
                    break;
                default:
                    throw Broken($"tensor {name} has an unknown or repeated field {field}");
            }
        }

        if (dtype is null || shape is null || offsets is not [var begin, var end])
        {
            throw Broken($"tensor {name} lacks dtype, shape or a pair of data_offsets");
        }

        Add(name, dtype, shape, begin, end);
    }

    private void Add(string name, string dtype, long[] shape, long begin, long end)
    {
        if (shape.Length > MaximumRank)
        {
            throw Broken($"tensor {name} has {shape.Length} dimensions; at most {MaximumRank} are read");
        }

        if (begin > end)
        {
            throw Broken($"tensor {name} ends before it begins");
        }

        if (!SafetensorsDtype.TryParse(dtype, out var type))
        {
            _unsupported.Add(name, dtype);
            _ranges.Add((begin, end, name));
            return;
        }

        long bytes;
        try
        {
            bytes = checked(shape.Aggregate(1L, (product, size) => checked(product * size)) * SafetensorsDtype.ByteSize(type));
        }
        catch (OverflowException)
        {
            throw Broken($"the size of tensor {name} [{string.Join(", ", shape)}] overflows");
        }

        if (bytes != end - begin)
        {
            throw Broken($"tensor {name} {dtype} [{string.Join(", ", shape)}] needs {bytes} bytes but spans {end - begin}");
        }

        _entries.Add(name, new TensorEntry(name, type, shape, begin, end));
        _ranges.Add((begin, end, name));
    }

    private readonly List<(long Begin, long End, string Name)> _ranges = [];

    private void CheckRanges(long dataBytes)
    {
        _ranges.Sort();
        var at = 0L;
        foreach (var (begin, end, name) in _ranges)
        {
            if (begin != at)
            {
                throw Broken($"the bytes of tensor {name} {(begin < at ? "overlap another tensor's" : "leave a gap")} at {begin}");
            }

            at = end;
        }

        if (at != dataBytes)
        {
            throw Broken(at > dataBytes
                ? $"its tensors need {at} bytes of data but it has {dataBytes}; it is truncated: copy it again"
                : $"{dataBytes - at} bytes follow the last tensor");
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "__metadata__");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, "__metadata__");
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Broken($"__metadata__ lists {key} twice");
            }
        }
    }

    private long[] Integers(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartArray, name);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var number) || number < 0)
            {
                throw Broken($"tensor {name} has a size or offset that is no non-negative whole number");
            }

            numbers.Add(number);
        }

        return reader.TokenType == JsonTokenType.EndArray ? [.. numbers] : throw Broken($"tensor {name} has a size or offset that is no number");
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw Broken(string.Create(CultureInfo.InvariantCulture, $"the header's entry {name} is not of the safetensors form"));
        }
    }

    private CheckpointException Broken(string rule) => new($"{_file}: {rule}");
}
