using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>Fills tensors from streams, piece by piece: spans end at 2³¹ elements.</summary>
internal static class TensorBytes
{
    /// <summary>Reads a contiguous tensor's bytes.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public static void Fill(Tensor target, Stream stream, int pieceBytes)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var flat = target.reshape(-1);
        var size = target.element_size();
        var pieceElements = Math.Max(1, pieceBytes / size);
        for (long done = 0; done < flat.shape[0]; done += pieceElements)
        {
            using var piece = flat.narrow(0, done, Math.Min(pieceElements, flat.shape[0] - done));
            stream.ReadExactly(piece.bytes);
        }
    }
}
