using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Training;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>
/// Runs a model on all prompts [a, b, p] and reads embedding, neurons, last residual stream and answers' logits at the last
/// position. Works on any model whose tokens 0 … p − 1 are the numbers and p is "=".
/// </summary>
internal sealed class ModularAdditionReader
{
    private const int PromptsAtOnce = 4096;
    private const int GradientTriples = 200;
    private const string EmbeddingHook = "hook_embed";

    private readonly LanguageModel _model;
    private readonly int _modulus;

    private ModularAdditionReader(LanguageModel model, int modulus)
    {
        _model = model;
        _modulus = modulus;
    }

    /// <summary>Reads the tables.</summary>
    /// <param name="model">The model; it must outlive the tables.</param>
    /// <param name="options">The modulus and the layer.</param>
    /// <param name="progress">Receives each batch of prompts.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The tables, owned by the caller.</returns>
    /// <exception cref="InterpException">The model has no such task, or is too small for it.</exception>
    public static FourierInput Read(LanguageModel model, FourierOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        var modulus = ModulusOf(model, options);
        var layer = options.Layer == -1 ? model.Config.LayerCount - 1 : options.Layer;
        if (layer >= model.Config.LayerCount)
        {
            throw new InterpException($"{model.Name} has no layer {options.Layer}: its layers are 0 to {model.Config.LayerCount - 1}");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return new ModularAdditionReader(model, modulus).Read(layer, progress, cancellation);
    }

    private static int ModulusOf(LanguageModel model, FourierOptions options)
    {
        var task = model.Task is { Kind: ModelTask.ModularAddition } own ? own.Modulus : 0;
        if (options.Modulus != 0 && task != 0 && options.Modulus != task)
        {
            throw new InterpException($"{model.Name} adds modulo {task}, not {options.Modulus}: leave the modulus out");
        }

        var modulus = options.Modulus != 0 ? options.Modulus : task;
        var config = model.Config;
        return modulus switch
        {
            0 => throw new InterpException($"{model.Name} has no modular-addition task of its own: give the modulus of the one it was trained on"),
            1 => throw new InterpException("a modulus of at least 2 is needed"),
            _ when config.VocabularySize <= modulus || config.OutputVocabularySize < modulus || config.ContextLength < ModularAdditionShape.PromptLength =>
                throw new InterpException($"{model.Name} is too small for addition modulo {modulus}: it needs tokens 0 to {modulus}, {modulus} answers and {ModularAdditionShape.PromptLength} positions"),
            _ => modulus,
        };
    }

    private FourierInput Read(int layer, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var config = _model.Config;
        var neuronHook = config.IsAttentionOnly ? null : $"blocks.{layer}.mlp.hook_post";
        var inputHook = $"blocks.{layer}.mlp.hook_pre";
        var residualHook = $"blocks.{config.LayerCount - 1}.hook_resid_post";
        string[] hooks = neuronHook is null ? [EmbeddingHook, residualHook] : [EmbeddingHook, residualHook, neuronHook, inputHook];
        List<Tensor> embedding = [], residual = [], neurons = [], inputs = [], logits = [];
        void Keep(int done, RunResult result)
        {
            embedding.Add(At(result.Cache[EmbeddingHook], 0));
            residual.Add(AtEnd(result.Cache[residualHook]));
            if (neuronHook is not null)
            {
                neurons.Add(AtEnd(result.Cache[neuronHook]));
                inputs.Add(AtEnd(result.Cache[inputHook]));
            }

            logits.Add(Answers(result));
            progress?.Report(new StepProgress("read", done, _modulus * _modulus, "prompts"));
        }

        ForEachBatch([], HookFilter.Names(hooks), Keep, cancellation);

        var p = _modulus;
        Tensor Table(List<Tensor> parts) => cat(parts, 0).reshape(p, p, -1);
        return new FourierInput
        {
            Modulus = p,
            Embedding = Table(embedding).select(1, 0).clone().DetachFromDisposeScope(),
            Logits = Table(logits).DetachFromDisposeScope(),
            Layer = layer,
            Neurons = neuronHook is null ? null : Table(neurons).DetachFromDisposeScope(),
            NeuronOutput = neuronHook is null ? null : NeuronOutput(layer).DetachFromDisposeScope(),
            FirstInput = neuronHook is null ? null : Table(inputs).mean([1]).DetachFromDisposeScope(),
            SecondInput = neuronHook is null ? null : Table(inputs).mean([0]).DetachFromDisposeScope(),
            Activation = neuronHook is null || config.IsGated ? null : ActivationOf(config.Activation),
            FinalResidual = Table(residual).DetachFromDisposeScope(),
            TrainPairs = TrainingOrigin.TryRead(_model.Folder) is { } origin ? ModularAdditionSplit.Create(p, origin.TrainFraction, origin.Seed).Train : null,
            SquaredWeightNorms = SquaredWeightNorms(),
            GradientSymmetry = GradientSymmetry(),
            Training = RecipeMetrics.TryRead(_model.Folder)?.History ?? [],
            Rerun = Rerun,
            Decode = Decode,
        };
    }

    private Tensor Rerun(Tensor first, Tensor second, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor Cast(Tensor table) => table.to(_model.Dtype).to(_model.Device);
        Tensor ofFirst = Cast(first), ofSecond = Cast(second);
        var replace = new HookHandler(EmbeddingHook, (value, context) => cat(
            [
                ofFirst.index_select(0, context.TokenIds.select(1, 0)).unsqueeze(1),
                ofSecond.index_select(0, context.TokenIds.select(1, 1)).unsqueeze(1),
                value.narrow(1, 2, value.shape[1] - 2),
            ],
            1));
        var logits = new List<Tensor>();
        ForEachBatch([replace], null, (_, result) => logits.Add(Answers(result)), cancellation);
        return cat(logits, 0).reshape(_modulus, _modulus, _modulus).MoveToOuterDisposeScope();
    }

    /// <summary>Runs all prompts in the order a·p + b; what the action keeps is in the scope of the caller.</summary>
    private void ForEachBatch(IReadOnlyList<HookHandler> hooks, HookFilter? capture, Action<int, RunResult> action, CancellationToken cancellation)
    {
        var options = new RunOptions { Hooks = hooks, Capture = capture, ReturnLogits = LogitPositions.Last };
        var count = _modulus * _modulus;
        for (var start = 0; start < count; start += PromptsAtOnce)
        {
            var rows = Math.Min(PromptsAtOnce, count - start);
            using var pairs = arange(start, start + rows, dtype: ScalarType.Int64);
            using var first = pairs.floor_divide(_modulus);
            using var second = pairs.remainder(_modulus);
            using var equals = full_like(pairs, _modulus);
            using var prompts = stack([first, second, equals], 1);
            using var result = _model.Run(prompts, options, cancellation);
            action(start + rows, result);
        }
    }

    private static Tensor At(Tensor value, long position) => value.select(1, position).to_type(ScalarType.Float64).cpu();

    private static Tensor AtEnd(Tensor value) => At(value, value.shape[1] - 1);

    private Tensor Answers(RunResult result) => AtEnd(result.Logits!).narrow(1, 0, _modulus);

    private Tensor NeuronOutput(int layer)
    {
        using var scope = NewDisposeScope();
        Tensor Weight(string name) => _model.Parameters[name].to_type(ScalarType.Float64).cpu();
        return Weight($"blocks.{layer}.mlp.W_out").matmul(Weight("unembed.W_U").narrow(1, 0, _modulus)).MoveToOuterDisposeScope();
    }

    private Dictionary<string, double> SquaredWeightNorms()
    {
        using var scope = NewDisposeScope();
        return _model.Parameters
            .Where(pair => !(_model.Config.IsHeadTied && pair.Key == "unembed.W_U"))
            .ToDictionary(pair => pair.Key, pair => pair.Value.to_type(ScalarType.Float64).square().sum().ToDouble());
    }

    /// <summary>The mean cosine of ∂logit_c/∂E_a and ∂logit_c/∂E_b over seeded triples. Source: arXiv 2306.17844, "gradient symmetricity".</summary>
    private double GradientSymmetry()
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(0, "circles-fourier triples");
        Tensor Numbers() => tensor(Enumerable.Range(0, GradientTriples).Select(_ => (long)random.NextInt(_modulus)).ToArray());
        Tensor first = Numbers(), second = Numbers(), answers = Numbers();
        var options = new RunOptions { Capture = HookFilter.Names(EmbeddingHook), ReturnLogits = LogitPositions.Last, RecordGradients = true };
        using var result = _model.Run(stack([first, second, full_like(first, _modulus)], 1), options);
        var chosen = result.Logits!.select(1, -1).gather(1, answers.to(_model.Device).unsqueeze(1)).sum();
        var gradient = autograd.grad([chosen], [result.Cache[EmbeddingHook]])[0].to_type(ScalarType.Float64);
        return nn.functional.cosine_similarity(gradient.select(1, 0), gradient.select(1, 1), 1).mean().ToDouble();
    }

    private Tensor Decode(Tensor residuals)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var cast = residuals.to(_model.Dtype).to(_model.Device);
        var replace = new HookHandler($"blocks.{_model.Config.LayerCount - 1}.hook_resid_post", (value, _) =>
            cat([value.narrow(1, 0, value.shape[1] - 1), cast.unsqueeze(1)], 1));
        using var prompts = zeros(residuals.shape[0], ModularAdditionShape.PromptLength, dtype: ScalarType.Int64);
        using var result = _model.Run(prompts, new RunOptions { Hooks = [replace], ReturnLogits = LogitPositions.Last });
        return Answers(result).MoveToOuterDisposeScope();
    }

    private static Func<Tensor, Tensor>? ActivationOf(ActivationFunction function) => function switch
    {
        ActivationFunction.Relu => value => value.relu(),
        ActivationFunction.Gelu or ActivationFunction.GeluTanh => value => nn.functional.gelu(value),
        ActivationFunction.Silu => value => nn.functional.silu(value),
        _ => null,
    };
}
