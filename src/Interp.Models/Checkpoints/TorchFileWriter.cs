using System.IO.Compression;
using Interp.Models.Checkpoints.Pickle;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>Writes files that <c>torch.load</c> reads: tensors by name, each with a storage of its own. The same tensors give the same bytes.</summary>
public static class TorchFileWriter
{
    private const int PieceElements = 1 << 24;
    private const string Root = "archive/";

    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the tensors in the order given. The file appears whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">Names and tensors of float32, int32 or int64; they stay the caller's.</param>
    /// <exception cref="ArgumentException">A tensor is of another type.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
                {
                    var pickle = PickleWriter.StateDictionary(tensors.Select((entry, i) => (entry.Name, StorageOf(entry.Tensor), $"{i}", entry.Tensor.numel(), entry.Tensor.shape)));
                    Add(archive, "data.pkl", target => target.Write(pickle));
                    Add(archive, "byteorder", target => target.Write("little"u8));
                    for (var i = 0; i < tensors.Count; i++)
                    {
                        var values = tensors[i].Tensor;
                        Add(archive, $"data/{i}", target => WriteValues(target, values));
                    }

                    Add(archive, "version", target => target.Write("3\n"u8));
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        var entry = archive.CreateEntry(Root + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = s_time;
        using var target = entry.Open();
        write(target);
    }

    private static string StorageOf(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => "FloatStorage",
        ScalarType.Int32 => "IntStorage",
        ScalarType.Int64 => "LongStorage",
        _ => throw new ArgumentException($"tensors of {tensor.dtype} are not written", nameof(tensor)),
    };

    private static void WriteValues(Stream stream, Tensor tensor)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().reshape(-1);
        for (long done = 0; done < flat.shape[0]; done += PieceElements)
        {
            stream.Write(flat.narrow(0, done, Math.Min(PieceElements, flat.shape[0] - done)).bytes);
        }
    }
}
