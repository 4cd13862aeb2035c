using Interp.Analysis.Circles.Find;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Find;

/// <summary>
/// A dictionary made by hand: latents 0 … 11 tile a circle in one plane, 12 … 17 are nearly parallel and fire together in
/// proportion, the rest have independent directions and fire independently; the last never fires.
/// </summary>
internal sealed class MadeDictionary : IDisposable
{
    public const int Circle = 12;
    public const int Bundle = 6;
    public const int Width = 40;
    public const int Dimension = 24;
    public const int Modulus = 12;

    private readonly int[] _documents;

    public MadeDictionary(int rows = 3000, long seed = 1)
    {
        var random = SplitMix64.ForStream(seed, "made dictionary");
        using var scope = NewDisposeScope();
        var basis = linalg.qr(RandomTensor.Normal(Dimension, Dimension, 3).to(ScalarType.Float64)).Q;
        var parts = new List<Tensor>();
        for (var i = 0; i < Circle; i++)
        {
            var angle = 2 * Math.PI * i / Circle;
            parts.Add((Math.Cos(angle) * basis[0]) + (Math.Sin(angle) * basis[1]));
        }

        for (var i = 0; i < Bundle; i++)
        {
            parts.Add(basis[2] + (0.1 * basis[3 + i]));
        }

        for (var i = parts.Count; i < Width; i++)
        {
            parts.Add(RandomTensor.Normal(1, Dimension, 50 + i).to(ScalarType.Float64).reshape(-1));
        }

        var rowsOfDecoder = stack(parts, 0);
        Decoder = (rowsOfDecoder / rowsOfDecoder.norm(1, keepdim: true)).to(ScalarType.Float32).DetachFromDisposeScope();
        var codes = new float[rows, Width];
        _documents = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            // Document a·p + b of the prompt [a, b]; the circle shows the answer a + b.
            _documents[row] = random.NextInt(Modulus * Modulus);
            var answer = ((_documents[row] / Modulus) + (_documents[row] % Modulus)) % Modulus;
            Fill(codes, row, answer, random);
        }

        CodeRows = tensor(codes).DetachFromDisposeScope();
    }

    public Tensor Decoder { get; }

    public Tensor CodeRows { get; }

    public FindInput Input => new()
    {
        Decoder = Decoder,
        Rows = CodeRows.shape[0],
        Codes = (first, count) => CodeRows.narrow(0, first, count).clone(),
        TokenIds = (first, count) => [.. Enumerable.Range((int)first, count).Select(row => row % 7)],
        Documents = (first, count) => _documents[(int)first..(int)(first + count)],
        Modulus = Modulus,
    };

    public void Dispose()
    {
        Decoder.Dispose();
        CodeRows.Dispose();
    }

    private static void Fill(float[,] codes, int row, int answer, SplitMix64 random)
    {
        for (var i = 0; i < Circle; i++)
        {
            var angle = 2 * Math.PI * (answer - i + (0.2 * random.NextNormal())) / Circle;
            codes[row, i] = (float)Math.Max(0, Math.Cos(angle) - 0.6);
        }

        var together = Math.Max(0, random.NextNormal());
        for (var i = Circle; i < Circle + Bundle; i++)
        {
            codes[row, i] = (float)(together * (1 + (0.05 * random.NextDouble())));
        }

        for (var i = Circle + Bundle; i < Width - 1; i++)
        {
            codes[row, i] = random.NextDouble() < 0.3 ? (float)random.NextDouble() : 0;
        }
    }
}
