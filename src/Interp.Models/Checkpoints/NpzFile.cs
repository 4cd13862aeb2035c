using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>A numpy archive (<c>.npz</c>): named arrays, stored or deflated. Arrays are streamed out one at a time; object arrays are refused.</summary>
/// <remarks>Format: numpy/lib/format.py, versions 1 to 3.</remarks>
public sealed partial class NpzFile : IDisposable
{
    private const string Suffix = ".npy";
    private const int LargestHeader = 1 << 20;
    private const int PieceBytes = 1 << 24;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    private NpzFile(string path, ZipArchive archive)
    {
        Path = path;
        _archive = archive;
        _entries = archive.Entries.Where(entry => entry.FullName.EndsWith(Suffix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.FullName[..^Suffix.Length]);
    }

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>The arrays' names.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens a file.</summary>
    /// <exception cref="CheckpointException">It is missing or no archive.</exception>
    public static NpzFile Open(string path) => new(path, ZipFiles.Open(path, "a numpy archive"));

    /// <summary>Reads an array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The element type to convert to; null keeps the file's.</param>
    /// <returns>A tensor in row order, owned by the caller.</returns>
    /// <exception cref="CheckpointException">There is no such array, or it is damaged or of an unsupported type.</exception>
    public Tensor Read(string name, ScalarType? dtype = null)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            throw new CheckpointException($"{Path}: has no array {name}, only {string.Join(", ", Names)}");
        }

        try
        {
            using var stream = entry.Open();
            var (type, shape, isFortran, headerBytes) = ReadHeader(stream, name);
            using var scope = NewDisposeScope();
            var values = empty(isFortran ? [.. shape.Reverse()] : shape, type);
            if (entry.Length - headerBytes != values.numel() * values.element_size())
            {
                throw new CheckpointException($"{Path}: array {name} of shape [{string.Join(", ", shape)}] should take {values.numel() * values.element_size()} bytes but has {entry.Length - headerBytes}");
            }

            TensorBytes.Fill(values, stream, PieceBytes);
            var ordered = isFortran ? values.permute([.. Enumerable.Range(0, shape.Length).Reverse().Select(axis => (long)axis)]).contiguous() : values;
            return ordered.to(dtype ?? type).MoveToOuterDisposeScope();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointException($"{Path}: array {name} is damaged ({e.Message})", e);
        }
    }

    /// <summary>Closes the file; arrays read from it stay.</summary>
    public void Dispose() => _archive.Dispose();

    private (ScalarType Type, long[] Shape, bool IsFortran, long Bytes) ReadHeader(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8) || start[6] is < 1 or > 3)
        {
            throw new CheckpointException($"{Path}: array {name} is no numpy array of version 1 to 3");
        }

        var lengthBytes = start[6] == 1 ? 2 : 4;
        Span<byte> length = stackalloc byte[4];
        length.Clear();
        stream.ReadExactly(length[..lengthBytes]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > LargestHeader)
        {
            throw new CheckpointException($"{Path}: array {name} claims a header of {count} bytes");
        }

        var header = new byte[count];
        stream.ReadExactly(header);
        var text = Encoding.UTF8.GetString(header);
        var (descr, order, shape) = (Descr().Match(text), Order().Match(text), Shape().Match(text));
        if (!descr.Success || !order.Success || !shape.Success)
        {
            throw new CheckpointException($"{Path}: array {name} has a header without descr, fortran_order or shape; object arrays are not read");
        }

        return (TypeOf(descr.Groups[1].Value, name), ShapeOf(shape.Groups[1].Value, name), order.Groups[1].Value == "True", 8 + lengthBytes + count);
    }

    private ScalarType TypeOf(string descr, string name) => descr switch
    {
        "<f4" => ScalarType.Float32,
        "<f2" => ScalarType.Float16,
        "<f8" => ScalarType.Float64,
        "<i4" => ScalarType.Int32,
        "<i8" => ScalarType.Int64,
        "|u1" => ScalarType.Byte,
        "|b1" => ScalarType.Bool,
        _ => throw new CheckpointException($"{Path}: array {name} is of type {descr}, which is not read: save it as float32"),
    };

    private long[] ShapeOf(string text, string name)
    {
        var shape = new List<long>();
        var product = 1L;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > long.MaxValue / 16 / product)
            {
                throw new CheckpointException($"{Path}: array {name} has no sensible shape ({text})");
            }

            product *= Math.Max(size, 1);
            shape.Add(size);
        }

        return [.. shape];
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']{2,8})'")]
    private static partial Regex Descr();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)")]
    private static partial Regex Shape();
}
