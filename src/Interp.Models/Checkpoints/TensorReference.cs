using static TorchSharp.torch;

namespace Interp.Models.Checkpoints;

/// <summary>One tensor of a file, named <c>FILE:TENSOR</c>.</summary>
public static class TensorReference
{
    /// <summary>Splits at the last colon, so that paths may hold colons.</summary>
    /// <exception cref="CheckpointException">There is no colon, or one side is empty.</exception>
    public static (string File, string Tensor) Parse(string fileColonTensor)
    {
        var colon = fileColonTensor.LastIndexOf(':');
        return colon > 0 && colon < fileColonTensor.Length - 1
            ? (fileColonTensor[..colon], fileColonTensor[(colon + 1)..])
            : throw new CheckpointException($"{fileColonTensor} names no tensor: write FILE:TENSOR, for example model.safetensors:embed.W_E");
    }

    /// <summary>Reads the tensor.</summary>
    /// <param name="fileColonTensor">The file and the tensor's name.</param>
    /// <param name="dtype">The element type to convert to; null keeps the file's.</param>
    /// <returns>The tensor on the CPU, owned by the caller.</returns>
    /// <exception cref="CheckpointException">The file or the tensor is not there, or the file is damaged.</exception>
    public static Tensor Read(string fileColonTensor, ScalarType? dtype = null)
    {
        var (path, name) = Parse(fileColonTensor);
        using var file = SafetensorsFile.Open(path);
        return file.Read(name, dtype);
    }
}
