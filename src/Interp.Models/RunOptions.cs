using Interp.Models.Generation;
using Interp.Models.Hooks;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>What one run of a model is to capture, change and return.</summary>
public sealed record RunOptions
{
    /// <summary>The hook points whose values are kept; null keeps none. Values are kept after the hooks have changed them.</summary>
    public HookFilter? Capture { get; init; }

    /// <summary>
    /// At which positions values are kept; null keeps all. Of scores and patterns the queries' positions are meant. With
    /// <see cref="RecordGradients"/> all positions are kept.
    /// </summary>
    public HookPositions? CapturePositions { get; init; }

    /// <summary>Where captured values are moved; null leaves them where the model is.</summary>
    public Device? CaptureDevice { get; init; }

    /// <summary>The most bytes that captured values may take; a run that would take more is refused before it starts. Null is the machine's memory.</summary>
    public long? CaptureBudgetBytes { get; init; }

    /// <summary>How strongly attached adapters act in this run, by name; 0 switches one off. Those that are not named act in full.</summary>
    public IReadOnlyDictionary<string, double>? AdapterStrengths { get; init; }

    /// <summary>Functions to call at hook points.</summary>
    public IReadOnlyList<HookHandler> Hooks { get; init; } = [];

    /// <summary>
    /// Stops before this block and returns the residual stream entering it; no logits. Negative counts from the end; null runs
    /// as far as logits and hooks need.
    /// </summary>
    public int? StopAtLayer { get; init; }

    /// <summary>
    /// The first block that is run, on <see cref="InputResidual"/>; blocks before it and the embedding are not run and their hooks not
    /// called. Negative counts from the end; null runs from the embedding on.
    /// </summary>
    public int? StartAtLayer { get; init; }

    /// <summary>With <see cref="StartAtLayer"/>, the stream entering that block, [batch, position, d_model]; it stays the caller's.</summary>
    public Tensor? InputResidual { get; init; }

    /// <summary>
    /// One or true at tokens, zero or false at padding, [batch, position] (with <see cref="Past"/>, its positions first); null without
    /// padding. Padding is not attended to and not counted by positions, and sees nothing itself: its patterns are zero.
    /// </summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>
    /// The keys and values of tokens before the run's, to which the run's are added; null when there are none. Hooks then see the run's
    /// own positions; what they make of keys and values is kept.
    /// </summary>
    public KeyValueCache? Past { get; init; }

    /// <summary>At which positions logits are computed.</summary>
    public LogitPositions ReturnLogits { get; init; } = LogitPositions.All;

    /// <summary>
    /// Whether autograd records the run from the embedding on, so that gradients with respect to captured values can be taken.
    /// Captured values then belong to the graph.
    /// </summary>
    public bool RecordGradients { get; init; }
}
