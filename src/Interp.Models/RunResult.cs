using Interp.Compute;
using Interp.Models.Hooks;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>What a run returned. It owns its tensors.</summary>
public sealed class RunResult : IDisposable
{
    internal RunResult(Tensor? logits, Tensor? residual, ActivationCache cache)
    {
        Logits = logits;
        Residual = residual;
        Cache = cache;
    }

    /// <summary>[batch, position, d_vocab_out] (one position with <see cref="LogitPositions.Last"/>), or null when none were asked for.</summary>
    public Tensor? Logits { get; }

    /// <summary>With <see cref="RunOptions.StopAtLayer"/>, the residual stream entering that block, [batch, position, d_model]; else null.</summary>
    public Tensor? Residual { get; }

    /// <summary>What was captured.</summary>
    public ActivationCache Cache { get; }

    /// <summary>
    /// Takes the gradient of a metric with respect to every captured value, of a run with <see cref="RunOptions.RecordGradients"/>;
    /// <see cref="ActivationCache.Grad"/> then has them. The run's graph is used up by it.
    /// </summary>
    /// <param name="metric">A single number made of logits; what it returns is freed.</param>
    /// <exception cref="InterpException">The run recorded no gradients, has no logits, or the metric is not a number that depends on them.</exception>
    public void Backward(Func<Tensor, Tensor> metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (Logits is not { requires_grad: true } logits)
        {
            throw new InterpException("the run recorded no gradients up to the logits: set RecordGradients, and let it return logits");
        }

        using var recording = enable_grad();
        using var scope = NewDisposeScope();
        var number = metric(logits);
        if (number.numel() != 1 || !number.requires_grad)
        {
            throw new InterpException($"the metric must be one number that depends on the logits: it is [{string.Join(", ", number.shape)}]{(number.requires_grad ? "" : " and does not depend on them")}");
        }

        Cache.TakeGradients(number);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Logits?.Dispose();
        Residual?.Dispose();
        Cache.Dispose();
    }
}
