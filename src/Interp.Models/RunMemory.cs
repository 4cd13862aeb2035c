using Interp.Compute.Devices;
using Interp.Models.Generation;
using Interp.Models.Hooks;
using Interp.Models.Transformer;

namespace Interp.Models;

/// <summary>
/// What a run of a loaded model holds in its device's memory at least, beside the weights, told before it starts. A lower bound: what is only
/// views, and what lives for one operation, is not counted. docs/11-command-line.md gives the measured peaks beside it.
/// </summary>
public static class RunMemory
{
    /// <summary>Plans a run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">Rows of the input.</param>
    /// <param name="length">Positions of the input.</param>
    /// <param name="options">What is captured and returned; null returns all logits.</param>
    /// <returns>The parts that are alive together when most is.</returns>
    public static MemoryPlan Of(LanguageModel model, long batch, long length, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new RunOptions();
        var bytes = (int)model.Parameters["embed.W_E"].ElementSize;
        var slots = options.CaptureDevice is { } elsewhere && elsewhere.type != model.Device.type ? [] : options.Capture?.Select(model.HookTable) ?? [];
        var captured = new CapturedMemory(model.HookTable, slots, batch, length, options.CapturePositions, bytes);
        var needsScores = model.Config.AttentionSoftcap is not null || options.AttentionMask is not null;
        var block = BlockMemory.Bytes(model.Config, batch, length, captured.Scores(needsScores), bytes);
        // A bias, a division and a cap each make logits anew beside those that they change.
        var copies = model.Parameters.ContainsKey("unembed.b_U") || model.Config.AreLogitsTransformed ? 2 : 1;
        var logits = options.ReturnLogits == LogitPositions.None || options.StopAtLayer is not null ? 0
            : copies * batch * (options.ReturnLogits == LogitPositions.Last ? 1 : length) * model.Config.OutputVocabularySize * bytes;
        if (options.RecordGradients)
        {
            return Named(("what the backward pass needs", model.Config.LayerCount * BlockMemory.SavedBytes(model.Config, batch, length, bytes)), ("logits", logits));
        }

        // In the deepest block all of its values live beside what the blocks above left; at the end all that is captured and the logits.
        var cache = options.Past is null ? 0 : CacheBytes(model.Config, batch, options.Past.Length + length, bytes);
        var stream = batch * length * model.Config.Width * bytes;
        return block + captured.OfOtherBlocks > logits + captured.Bytes + stream
            ? Named(("a block's values", block), ("captured values", captured.OfOtherBlocks), ("keys and values", cache))
            : Named(("logits", logits), ("captured values", captured.Bytes), ("the residual stream", stream), ("keys and values", cache));
    }

    /// <summary>Plans going on with a text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="tokens">The most new tokens.</param>
    /// <returns>The prompt's run, and all keys and values that are kept in the end.</returns>
    public static MemoryPlan Generation(LanguageModel model, long prompt, long tokens)
    {
        ArgumentNullException.ThrowIfNull(model);
        var bytes = (int)model.Parameters["embed.W_E"].ElementSize;
        var total = Math.Min(prompt + tokens, model.Config.ContextLength);
        var cache = model.Config.Direction == AttentionDirection.Causal ? CacheBytes(model.Config, 1, total, bytes) : 0;
        var run = Of(model, 1, Math.Min(prompt, model.Config.ContextLength), new RunOptions { ReturnLogits = LogitPositions.Last }).Bytes;

        // The prompt's values are gone before the cache has grown to its end.
        return cache >= run ? Named(("keys and values", cache)) : Named(("the prompt's run", run));
    }

    /// <summary>Plans a training step beside the weights: gradients and two moments of what is trained, what the backward pass needs, and logits with their logarithms; float32.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batch">Rows of a batch.</param>
    /// <param name="length">Positions of a row.</param>
    /// <param name="trained">The numbers that are trained.</param>
    internal static MemoryPlan Training(ModelConfig config, long batch, long length, long trained) => Named(
        ("gradients and moments", 3 * trained * sizeof(float)),
        ("what the backward pass needs", config.LayerCount * BlockMemory.SavedBytes(config, batch, length, sizeof(float))),
        ("logits", 2 * batch * length * config.OutputVocabularySize * sizeof(float)));

    private static long CacheBytes(ModelConfig config, long batch, long tokens, int bytes) =>
        2L * config.LayerCount * batch * KeyValueCache.RoomFor(tokens) * config.KeyValueHeadCount * config.HeadWidth * bytes;

    private static MemoryPlan Named(params (string What, long Bytes)[] parts)
    {
        var plan = new MemoryPlan();
        foreach (var (what, size) in parts.Where(part => part.Bytes > 0))
        {
            plan.Add(what, size);
        }

        return plan;
    }
}
