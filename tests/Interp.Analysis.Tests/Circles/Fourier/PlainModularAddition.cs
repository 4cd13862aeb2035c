using Interp.Analysis.Circles.Fourier;
using Interp.Models.Checkpoints;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

/// <summary>The one-layer transformer written out in float64 for all pairs at once, apart from the project's own models.</summary>
internal sealed class PlainModularAddition : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights;
    private readonly int _modulus;

    public PlainModularAddition(IReadOnlyDictionary<string, Tensor> parameters)
    {
        _weights = parameters.ToDictionary(pair => pair.Key, pair => pair.Value.to_type(ScalarType.Float64).DetachFromDisposeScope());
        _modulus = (int)_weights["unembed.W_U"].shape[1];
    }

    /// <summary>Reads a model folder.</summary>
    public static PlainModularAddition Load(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        using var scope = NewDisposeScope();
        return new PlainModularAddition(checkpoint.Names.ToDictionary(name => name, name => checkpoint.Read(name)));
    }

    /// <summary>The folder of a shipped model, found above the test program.</summary>
    public static string Shipped(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Interp.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run outside the repository");
        }

        return Path.Combine(folder, "models", name);
    }

    /// <summary>The tables of the analysis.</summary>
    public FourierInput Tables(ModularAdditionSplit? split)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var numbers = _weights["embed.W_E"].narrow(0, 0, _modulus);
        var (logits, inputs, residual) = Run(numbers, numbers);
        Tensor Keep(Tensor value) => value.clone().DetachFromDisposeScope();
        return new FourierInput
        {
            Modulus = _modulus,
            Embedding = Keep(numbers),
            Logits = Keep(logits),
            Layer = 0,
            Neurons = Keep(inputs.relu()),
            FirstInput = Keep(inputs.mean([1])),
            SecondInput = Keep(inputs.mean([0])),
            NeuronOutput = Keep(_weights["blocks.0.mlp.W_out"].matmul(_weights["unembed.W_U"])),
            Activation = value => value.relu(),
            FinalResidual = Keep(residual),
            TrainPairs = split?.Train,
            SquaredWeightNorms = _weights.ToDictionary(pair => pair.Key, pair => pair.Value.square().sum().ToDouble()),
            Decode = residuals => residuals.matmul(_weights["unembed.W_U"]),
            Rerun = (first, second, _) => Run(first, second).Logits,
        };
    }

    public void Dispose()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private (Tensor Logits, Tensor Inputs, Tensor Residual) Run(Tensor first, Tensor second)
    {
        var p = _modulus;
        var d = first.shape[1];
        var positions = _weights["pos_embed.W_pos"];
        var equals = (_weights["embed.W_E"][p] + positions[2]).expand(p * p, d);
        var a = (first + positions[0]).repeat_interleave(p, 0);
        var b = (second + positions[1]).repeat(p, 1);
        var residual = stack([a, b, equals], 1); // [p², 3, d]
        var heads = _weights["blocks.0.attn.W_Q"].shape[0];
        var middle = equals;
        for (var head = 0; head < heads; head++)
        {
            var query = equals.matmul(_weights["blocks.0.attn.W_Q"][head]).unsqueeze(1);
            var key = residual.matmul(_weights["blocks.0.attn.W_K"][head]);
            var value = residual.matmul(_weights["blocks.0.attn.W_V"][head]);
            var pattern = (query.matmul(key.transpose(1, 2)) / Math.Sqrt(key.shape[2])).softmax(-1);
            middle = middle + pattern.matmul(value).squeeze(1).matmul(_weights["blocks.0.attn.W_O"][head]);
        }

        var inputs = middle.matmul(_weights["blocks.0.mlp.W_in"]);
        var last = middle + inputs.relu().matmul(_weights["blocks.0.mlp.W_out"]);
        return (last.matmul(_weights["unembed.W_U"]).reshape(p, p, p), inputs.reshape(p, p, -1), last.reshape(p, p, d));
    }
}
