using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Families.Plain;

/// <summary>Seeded weights, made when they are first asked for, so that what a reference asks for is what the checkpoint holds.</summary>
internal sealed class PlainWeights(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, (double[] Values, long[] Shape)> _made = [];

    /// <summary>A tensor's values in C order, rounded to float32 as the file stores them.</summary>
    public double[] Take(string name, params long[] shape)
    {
        if (!_made.TryGetValue(name, out var made))
        {
            var spread = shape.Length > 1 ? 1.6 / Math.Sqrt(shape[^1]) : 0.3;
            made = ([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (double)(float)(((_random.NextDouble() * 2) - 1) * spread * 1.7))], shape);
            _made.Add(name, made);
        }

        return made.Values;
    }

    /// <summary>A norm's weight, around one.</summary>
    public double[] Norm(string name, int width, double around = 1)
    {
        if (!_made.TryGetValue(name, out var made))
        {
            made = ([.. Enumerable.Range(0, width).Select(_ => (double)(float)(around + ((_random.NextDouble() - 0.5) * 0.8)))], [width]);
            _made.Add(name, made);
        }

        return made.Values;
    }

    public void Write(string path)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(path, _made.ToDictionary(pair => pair.Key, pair => tensor(pair.Value.Values, pair.Value.Shape).to(ScalarType.Float32)));
    }
}
