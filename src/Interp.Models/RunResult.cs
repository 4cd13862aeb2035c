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

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Logits?.Dispose();
        Residual?.Dispose();
        Cache.Dispose();
    }
}
