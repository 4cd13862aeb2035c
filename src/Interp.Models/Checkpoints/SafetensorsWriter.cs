using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>Writes safetensors files that every reader of the format accepts.</summary>
public static class SafetensorsWriter
{
    private const long PieceElements = 1L << 26;

    /// <summary>EFBIG, for which the runtime has an exception of arguments.</summary>
    private const int FileTooLarge = 27;

    /// <summary>
    /// Writes the tensors, sorted by descending element size and then by name, with <c>format = "pt"</c> among the notes.
    /// The file appears whole or not at all; the same tensors give the same bytes.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors, on any device, of any layout; they stay the caller's.</param>
    /// <param name="metadata">The file's own notes.</param>
    /// <exception cref="ArgumentException">A tensor is of a type the format does not know.</exception>
    /// <exception cref="IOException">The disk is full, or the file may not grow that large.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors
            .OrderByDescending(pair => SafetensorsDtype.ByteSize(pair.Value.dtype))
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .ToArray();
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                WriteHeader(stream, ordered, metadata);
                foreach (var (_, tensor) in ordered)
                {
                    WriteData(stream, tensor);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "value")
        {
            throw new IOException($"{path}: a file of this size is more than the limit of files allows", FileTooLarge);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void WriteHeader(Stream stream, KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                var end = offset + (tensor.numel() * SafetensorsDtype.ByteSize(tensor.dtype));
                writer.WriteStartObject(name);
                writer.WriteString("dtype", SafetensorsDtype.Name(tensor.dtype));
                WriteIntegers(writer, "shape", tensor.shape);
                WriteIntegers(writer, "data_offsets", [offset, end]);
                writer.WriteEndObject();
                offset = end;
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0)
        {
            json.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        json.Position = 0;
        json.CopyTo(stream);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        var notes = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" };
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            notes[key] = value;
        }

        writer.WriteStartObject("__metadata__");
        foreach (var (key, value) in notes)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteIntegers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static void WriteData(FileStream stream, Tensor tensor)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().reshape(-1);
        var count = flat.shape[0];
        for (long done = 0; done < count; done += PieceElements)
        {
            stream.Write(flat.narrow(0, done, Math.Min(PieceElements, count - done)).bytes);
        }
    }
}
