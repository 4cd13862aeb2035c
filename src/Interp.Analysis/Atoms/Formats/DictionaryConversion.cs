using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>Writes a dictionary in a layout and compares what it does before and after, on random rows.</summary>
public static class DictionaryConversion
{
    private const int ComparedRows = 64;

    /// <summary>Rounding where biases or lengths had to be folded; other layouts store the very numbers.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Writes and checks.</summary>
    /// <param name="dictionary">The dictionary; stays the caller's.</param>
    /// <param name="folder">The folder to write.</param>
    /// <param name="format">The layout.</param>
    /// <returns>The largest difference of the reconstructions of random rows, over their largest entry.</returns>
    /// <exception cref="InterpException">The layout has no place for the dictionary, or it does not read back as it was.</exception>
    public static double Run(SparseAutoencoder dictionary, string folder, DictionaryFormat format)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        dictionary.Save(folder, format);
        using var read = SparseAutoencoder.Load(folder);
        if (dictionary.Info.LacksInputScale)
        {
            return read.EncoderWeights.shape.AsSpan().SequenceEqual(dictionary.EncoderWeights.shape) ? 0 : throw Broken(folder);
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(1, "conversion check");
        var values = new float[ComparedRows * dictionary.InputWidth];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        var x = tensor(values, ComparedRows, dictionary.InputWidth);
        Tensor before = dictionary.Decode(dictionary.Encode(x), x), after = read.Decode(read.Encode(x), x);
        var largest = Math.Max(before.abs().max().item<float>(), float.Epsilon);
        var difference = (before - after).abs().max().item<float>() / largest;
        return difference <= Tolerance ? difference : throw Broken(folder);
    }

    private static InterpException Broken(string folder) => new($"{folder}: the written dictionary does not read back as it was; check the disk and convert again");
}
