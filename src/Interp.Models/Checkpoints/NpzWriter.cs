using System.Globalization;
using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>Writes numpy archives of float32 arrays, stored without compression. The same tensors give the same bytes.</summary>
public static class NpzWriter
{
    private const int PieceElements = 1 << 24;

    /// <summary>The earliest time that an archive can hold, as numpy writes it.</summary>
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the arrays in the order given. The file appears whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">Names and tensors, on any device; they stay the caller's.</param>
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
                    foreach (var (name, tensor) in tensors)
                    {
                        var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression);
                        entry.LastWriteTime = s_time;
                        using var target = entry.Open();
                        Write(target, tensor);
                    }
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

    private static void Write(Stream stream, Tensor tensor)
    {
        const int Alignment = 64;
        const int Prefix = 10;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var shape = string.Join(", ", tensor.shape.Select(size => size.ToString(CultureInfo.InvariantCulture))) + (tensor.dim() == 1 ? "," : "");
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}";
        header = header.PadRight(((Prefix + header.Length + Alignment) / Alignment * Alignment) - Prefix - 1) + "\n";
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)(header.Length & 0xFF), (byte)(header.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        var flat = tensor.detach().to(ScalarType.Float32).cpu().contiguous().reshape(-1);
        for (long done = 0; done < flat.shape[0]; done += PieceElements)
        {
            stream.Write(flat.narrow(0, done, Math.Min(PieceElements, flat.shape[0] - done)).bytes);
        }
    }
}
