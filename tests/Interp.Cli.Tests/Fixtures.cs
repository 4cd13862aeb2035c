using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Cli.Tests;

/// <summary>Models and files that the verbs are tried on.</summary>
internal static class Fixtures
{
    public static string Clock59 { get; } = Checkout.PathOf("models", "clock-59");

    /// <summary>A random tiny model with the numbers of the reference implementations beside it.</summary>
    public static string Tiny(string family) => Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", family);

    /// <summary>A copy of a model folder that a test may damage.</summary>
    public static string Copy(string model, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(model))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    /// <summary>Cuts a file in half.</summary>
    public static void Truncate(string file)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.SetLength(stream.Length / 2);
    }

    /// <summary>Writes token ids as <c>forward</c> reads them.</summary>
    public static string WriteIds(string path, long rows, long columns)
    {
        using var ids = ones(rows, columns, ScalarType.Int64);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["input_ids"] = ids });
        return path;
    }
}
