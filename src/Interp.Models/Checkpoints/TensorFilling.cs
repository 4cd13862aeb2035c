using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>
/// Reads a tensor's bytes from a file into memory: in pieces side by side where the element type stays, else through one buffer. A file
/// that was cut meanwhile is an error and not a crash, as it would be through a mapping.
/// </summary>
internal static class TensorFilling
{
    private const long PieceBytes = 1L << 21;

    /// <summary>Fills a tensor.</summary>
    public static void Read(SafeFileHandle file, string path, TensorEntry entry, long dataStart, Tensor target)
    {
        CheckLayout(entry, target);
        if (entry.ByteCount == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flat = target.view(-1);
        if (target.dtype == entry.Dtype)
        {
            Fill(file, path, entry, dataStart + entry.Begin, AddressOf(flat), entry.ByteCount);
            return;
        }

        ForPieces(file, path, entry, dataStart, (done, piece) =>
        {
            flat.narrow(0, done, piece.shape[0]).copy_(piece);
            return true;
        });
    }

    /// <summary>Whether a tensor holds the same values.</summary>
    public static bool Matches(SafeFileHandle file, string path, TensorEntry entry, long dataStart, Tensor other)
    {
        CheckLayout(entry, other);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flat = other.view(-1);
        return ForPieces(file, path, entry, dataStart, (done, piece) =>
            !flat.narrow(0, done, piece.shape[0]).ne(piece.to(other.dtype)).any().item<bool>());
    }

    /// <summary>Calls back with each piece of the elements until one call says no; returns what the last one said.</summary>
    private static bool ForPieces(SafeFileHandle file, string path, TensorEntry entry, long dataStart, Func<long, Tensor, bool> take)
    {
        var elementBytes = entry.ByteCount / Math.Max(entry.ElementCount, 1);
        var most = Math.Min(PieceBytes / Math.Max(elementBytes, 1), entry.ElementCount);
        var buffer = empty(most, entry.Dtype);
        for (long done = 0; done < entry.ElementCount; done += most)
        {
            using var scope = NewDisposeScope();
            var piece = buffer.narrow(0, 0, Math.Min(most, entry.ElementCount - done));
            Fill(file, path, entry, dataStart + entry.Begin + (done * elementBytes), AddressOf(piece), piece.shape[0] * elementBytes);
            if (!take(done, piece))
            {
                return false;
            }
        }

        return true;
    }

    private static void Fill(SafeFileHandle file, string path, TensorEntry entry, long offset, nint target, long count)
    {
        if (count <= PieceBytes)
        {
            FillPiece(file, path, entry, offset, target, (int)count);
            return;
        }

        try
        {
            Parallel.For(0, (count + PieceBytes - 1) / PieceBytes, piece =>
            {
                var start = piece * PieceBytes;
                FillPiece(file, path, entry, offset + start, target + (nint)start, (int)Math.Min(PieceBytes, count - start));
            });
        }
        catch (AggregateException e) when (e.InnerException is CheckpointException or IOException)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
        }
    }

    private static unsafe void FillPiece(SafeFileHandle file, string path, TensorEntry entry, long offset, nint target, int count)
    {
        var bytes = new Span<byte>((void*)target, count);
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(file, bytes[done..], offset + done);
            done += read > 0 ? read : throw new CheckpointException($"{path}: ends inside tensor {entry.Name}: it was cut while it was read");
        }

        if (entry.Dtype == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new CheckpointException($"{path}: tensor {entry.Name} is BOOL but holds bytes other than 0 and 1");
        }
    }

    private static unsafe nint AddressOf(Tensor flat)
    {
        // Spans end at 2³¹ bytes, addresses do not.
        using var first = flat.narrow(0, 0, 1);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    private static void CheckLayout(TensorEntry entry, Tensor tensor)
    {
        if (tensor.NumberOfElements != entry.ElementCount || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous())
        {
            throw new ArgumentException($"{entry.Name} has {entry.ElementCount} elements; as many in C order on the CPU are needed", nameof(tensor));
        }
    }
}
