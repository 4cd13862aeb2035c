using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>
/// The network f(a, b) = (u[a] + v[b])²·W, of which the best is known: Morwani et al., arXiv 2311.07568, show that the largest
/// normalised margin needs single-frequency neurons with φ_u + φ_v = φ_w at all frequencies.
/// </summary>
public sealed class QuadraticNetwork : IDisposable
{
    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly Tensor _output;

    /// <summary>Copies weights.</summary>
    /// <param name="first">u, [p, M].</param>
    /// <param name="second">v, [p, M].</param>
    /// <param name="output">W, [M, p].</param>
    /// <exception cref="ShapeMismatchException">The weights do not fit each other.</exception>
    public QuadraticNetwork(Tensor first, Tensor second, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(output);
        if (first.dim() != 2 || first.shape[0] < 2)
        {
            throw new ShapeMismatchException("the first number's weights", "[p, neurons] with p of at least 2", first.shape);
        }

        var (p, neurons) = (first.shape[0], first.shape[1]);
        if (!second.shape.AsSpan().SequenceEqual(first.shape))
        {
            throw new ShapeMismatchException("the second number's weights", $"[{p}, {neurons}]", second.shape);
        }

        if (!output.shape.AsSpan().SequenceEqual([neurons, p]))
        {
            throw new ShapeMismatchException("the output weights", $"[{neurons}, {p}]", output.shape);
        }

        _first = Copy(first);
        _second = Copy(second);
        _output = Copy(output);
    }

    /// <summary>Reads a network from a safetensors file with W_a and W_b, [p, M], and W_out, [M, p].</summary>
    /// <param name="output">FILE:W_out; the others are of the same file.</param>
    /// <exception cref="InterpException">The file is missing or damaged, lacks a tensor, or its tensors do not fit each other.</exception>
    internal static QuadraticNetwork Load(string output)
    {
        using var scope = NewDisposeScope();
        var reference = TensorReference.Parse(output);
        using var file = SafetensorsFile.Open(reference.File);
        var lacking = new[] { "W_a", "W_b", "W_out" }.Where(name => !file.Entries.ContainsKey(name)).ToArray();
        return reference.Tensor == "W_out" && lacking.Length == 0
            ? new QuadraticNetwork(file.Read("W_a"), file.Read("W_b"), file.Read("W_out"))
            : throw new InterpException(lacking.Length == 0
                ? $"{output} is no network: name its output weights, {reference.File}:W_out"
                : $"{reference.File} has no tensor {string.Join(" and no ", lacking)}: a quadratic network is W_a and W_b [p, neurons] and W_out [neurons, p]");
    }

    /// <summary>p.</summary>
    public int Modulus => (int)_first.shape[0];

    /// <summary>The network of largest margin: eight neurons of unit cosines for each frequency, phases a quarter turn apart.</summary>
    /// <param name="modulus">p, odd and at least 3.</param>
    public static QuadraticNetwork Ideal(int modulus)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 3);
        ArgumentOutOfRangeException.ThrowIfEqual(modulus % 2, 0);
        using var scope = NewDisposeScope();
        var number = arange(modulus, dtype: ScalarType.Float64);
        List<Tensor> first = [], second = [], output = [];
        for (var k = 1; k <= modulus / 2; k++)
        {
            Tensor Cosine(double quarters) => ((number * (2 * Math.PI * k / modulus)) + (quarters * Math.PI / 2)).cos();
            for (var u = 0; u < 4; u++)
            {
                for (var v = 0; v < 2; v++)
                {
                    first.Add(Cosine(u));
                    second.Add(Cosine(v));
                    output.Add(Cosine(u + v));
                }
            }
        }

        return new QuadraticNetwork(stack(first, 1), stack(second, 1), stack(output, 0));
    }

    /// <summary>The largest normalised margin that any network of this form reaches: √(2/27)/(√p·(p − 1)).</summary>
    public static double OptimalMargin(int modulus) => Math.Sqrt(2.0 / 27) / (Math.Sqrt(modulus) * (modulus - 1));

    /// <summary>The smallest lead of a right answer over the best wrong one, over Σ_i (‖u_i‖² + ‖v_i‖² + ‖w_i‖²)^{3/2}.</summary>
    public double NormalizedMargin()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var p = Modulus;
        var logits = Logits(_first, _second).reshape(p * p, p);
        var number = arange(p, dtype: ScalarType.Int64);
        var answers = (number.unsqueeze(1) + number.unsqueeze(0)).remainder(p).reshape(-1, 1);
        var right = logits.gather(1, answers).squeeze(1);
        var wrong = logits.scatter(1, answers, full_like(answers, double.NegativeInfinity, dtype: ScalarType.Float64)).amax([1]);
        var sizes = _first.square().sum([0]) + _second.square().sum([0]) + _output.square().sum([1]);
        return (right - wrong).min().ToDouble() / sizes.pow(1.5).sum().ToDouble();
    }

    /// <summary>The tables of the Fourier analysis. The logits stand in for the last residual stream, which this network does not have.</summary>
    /// <param name="trainPairs">The training pairs a·p + b, or null when they are not known.</param>
    internal FourierInput Tables(IReadOnlyList<int>? trainPairs)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var logits = Logits(_first, _second);
        return new FourierInput
        {
            Modulus = Modulus,
            Embedding = Copy(_first),
            SecondEmbedding = Copy(_second),
            Logits = Copy(logits),
            Layer = 0,
            Neurons = Copy((_first.unsqueeze(1) + _second.unsqueeze(0)).square()),
            NeuronOutput = Copy(_output),
            FirstInput = Copy(_first),
            SecondInput = Copy(_second),
            Activation = value => value.square(),
            FinalResidual = Copy(logits),
            TrainPairs = trainPairs,
            SquaredWeightNorms = new Dictionary<string, double>
            {
                ["W_a"] = _first.square().sum().ToDouble(),
                ["W_b"] = _second.square().sum().ToDouble(),
                ["W_out"] = _output.square().sum().ToDouble(),
            },
            Rerun = (first, second, _) => Logits(first, second),
            Decode = residuals => residuals,
        };
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _output.Dispose();
    }

    /// <summary>[p, p, p], in the current dispose scope.</summary>
    private Tensor Logits(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        return (first.unsqueeze(1) + second.unsqueeze(0)).square().matmul(_output).MoveToOuterDisposeScope();
    }

    private static Tensor Copy(Tensor value)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return value.detach().to(ScalarType.Float64).cpu().clone().DetachFromDisposeScope();
    }
}
