using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>
/// AdamW: adaptive moments with bias correction and decoupled weight decay on every tensor,
/// w ← w(1 − η_t·λ) − η_t·m̂/(√v̂ + ε), with a linear warm-up of η_t.
/// </summary>
/// <remarks>
/// Source: Loshchilov and Hutter, arXiv 1711.05101, algorithm 2 (the decay is scaled by the step's own rate, as PyTorch does).
/// The moments have the parameters' dtype and device. Memory: two copies of the parameters.
/// </remarks>
public sealed class AdamW : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _firstMoments;
    private readonly Tensor[] _secondMoments;
    private readonly AdamWOptions _options;

    /// <summary>Starts with zero moments at step 0.</summary>
    /// <param name="parameters">The tensors to train, updated in place; the caller keeps owning them.</param>
    /// <param name="options">The constants.</param>
    public AdamW(IReadOnlyDictionary<string, Tensor> parameters, AdamWOptions options)
    {
        _options = options;
        Names = [.. parameters.Keys.Order(StringComparer.Ordinal)];
        _parameters = [.. Names.Select(name => parameters[name])];
        using var noGradient = no_grad();
        _firstMoments = [.. _parameters.Select(p => zeros_like(p, requires_grad: false).DetachFromDisposeScope())];
        _secondMoments = [.. _parameters.Select(p => zeros_like(p, requires_grad: false).DetachFromDisposeScope())];
    }

    /// <summary>The names of the parameters in ordinal order, which is the order of the gradients.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The parameters in the order of <see cref="Names"/>.</summary>
    internal IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>The steps taken so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>The learning rate of a step, counted from 1.</summary>
    public double LearningRateAt(long step)
    {
        var rate = step < _options.WarmupSteps ? _options.LearningRate * step / _options.WarmupSteps : _options.LearningRate * Schedule(step);

        // The last step still moves: after it, the rate would be nothing.
        var left = _options.Steps - step + 1;
        return _options.CooldownSteps > 0 && left < _options.CooldownSteps ? rate * Math.Max(0, left) / _options.CooldownSteps : rate;
    }

    /// <summary>Takes one step.</summary>
    /// <param name="gradients">One gradient a parameter, of its shape, in the order of <see cref="Names"/>; not kept.</param>
    /// <exception cref="ShapeMismatchException">A gradient does not have its parameter's shape.</exception>
    public void Step(IReadOnlyList<Tensor> gradients)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradients.Count, _parameters.Length);
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (!gradients[i].shape.AsSpan().SequenceEqual(_parameters[i].shape))
            {
                throw new ShapeMismatchException($"the gradient of {Names[i]}", $"[{string.Join(", ", _parameters[i].shape)}]", gradients[i].shape);
            }
        }

        StepCount++;
        var rate = LearningRateAt(StepCount);
        var firstCorrection = 1 - Math.Pow(_options.Beta1, StepCount);
        var secondCorrectionRoot = Math.Sqrt(1 - Math.Pow(_options.Beta2, StepCount));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar beta1 = _options.Beta1, oneMinusBeta1 = 1 - _options.Beta1, beta2 = _options.Beta2, oneMinusBeta2 = 1 - _options.Beta2;
        var clip = ClipFactor(gradients);
        using Scalar root = secondCorrectionRoot, epsilon = _options.Epsilon, shrink = 1 - (rate * _options.WeightDecay), size = -rate / firstCorrection;
        for (var i = 0; i < _parameters.Length; i++)
        {
            var gradient = clip < 1 ? gradients[i] * clip : gradients[i];
            var first = _firstMoments[i];
            var second = _secondMoments[i];
            first.mul_(beta1).add_(gradient, oneMinusBeta1);
            second.mul_(beta2).addcmul_(gradient, gradient, oneMinusBeta2);
            var divisor = second.sqrt().div_(root).add_(epsilon);
            _parameters[i].mul_(shrink).addcdiv_(first, divisor, size);
            divisor.Dispose();
        }
    }

    /// <summary>The live moments, <c>exp_avg.NAME</c> and <c>exp_avg_sq.NAME</c>; still owned by the optimiser.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State()
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            yield return new(FirstMomentName(Names[i]), _firstMoments[i]);
            yield return new(SecondMomentName(Names[i]), _secondMoments[i]);
        }
    }

    /// <summary>Takes over saved moments and the step count.</summary>
    /// <param name="read">Gives a saved tensor by its name in <see cref="State"/>; the tensor is disposed after copying.</param>
    /// <param name="stepCount">The steps taken when it was saved.</param>
    public void Restore(Func<string, Tensor> read, long stepCount)
    {
        using var noGradient = no_grad();
        foreach (var (name, moment) in State())
        {
            using var saved = read(name);
            moment.copy_(saved);
        }

        StepCount = stepCount;
    }

    /// <summary>Frees the moments; the parameters stay.</summary>
    public void Dispose()
    {
        foreach (var moment in _firstMoments.Concat(_secondMoments))
        {
            moment.Dispose();
        }
    }

    /// <summary>The share of the rate that the schedule leaves at a step after the warm-up; the last step still moves.</summary>
    private double Schedule(long step)
    {
        var share = Math.Clamp((step - _options.WarmupSteps) / (double)Math.Max(_options.Steps - _options.WarmupSteps + 1, 1), 0, 1);
        return _options.Schedule switch
        {
            LearningRateSchedule.Linear => 1 - share,
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * share)) / 2,
            _ => 1,
        };
    }

    /// <summary>What the gradients are multiplied by so that their norm over all tensors is within the limit.</summary>
    private double ClipFactor(IReadOnlyList<Tensor> gradients)
    {
        if (_options.ClipNorm <= 0)
        {
            return 1;
        }

        var norm = Math.Sqrt(gradients.Sum(gradient => gradient.to_type(ScalarType.Float64).square().sum().ToDouble()));
        return norm > _options.ClipNorm ? _options.ClipNorm / norm : 1;
    }

    private static string FirstMomentName(string name) => $"exp_avg.{name}";

    private static string SecondMomentName(string name) => $"exp_avg_sq.{name}";
}
