using System.Runtime.CompilerServices;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Tokenization;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Models.Generation;

/// <summary>Lets a model go on with a text, token by token. Hooks that stand on the model act on every step.</summary>
/// <remarks>
/// The prompt is run once and each token alone after it, with the keys and values of those before in a cache; all are run again where
/// the context slides, and where the angles of a stretched rotation change with the length. The same prompt, options and seed give the
/// same tokens. Generators of one model may go side by side.
/// </remarks>
public sealed class Generator
{
    private readonly LanguageModel _model;

    /// <summary>Takes a model, which stays the caller's.</summary>
    public Generator(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <summary>Goes on with a text.</summary>
    /// <param name="prompt">The text; the begin token is put before it where the tokenizer adds one, and an empty text is that token alone.</param>
    /// <param name="options">How; null takes the likeliest tokens.</param>
    /// <param name="cancellation">Stops the generation before the next token.</param>
    /// <returns>The tokens as they are made; each is made when it is asked for.</returns>
    /// <exception cref="InterpException">The model has no tokenizer, the prompt is empty or too long, or the context is full.</exception>
    public IEnumerable<GeneratedToken> Generate(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        var tokenizer = _model.Tokenizer
            ?? throw new TokenizerException($"{_model.Name} has no tokenizer: give the prompt as token ids");
        var ids = tokenizer.EncodePrompt(prompt);
        return Generate(ids.Length == 0 && tokenizer.BeginId is { } begin ? [begin] : ids, options, cancellation);
    }

    /// <summary>Goes on with token ids.</summary>
    /// <param name="prompt">The ids, at least one and at most as many as the context holds.</param>
    /// <param name="options">How; null takes the likeliest tokens.</param>
    /// <param name="cancellation">Stops the generation before the next token.</param>
    /// <returns>The tokens as they are made; each is made when it is asked for.</returns>
    /// <exception cref="InterpException">The prompt is empty or too long, or the context is full.</exception>
    public IEnumerable<GeneratedToken> Generate(IReadOnlyList<int> prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new GenerationOptions();
        OptionsSchema.Validate(options);
        if (prompt.Count == 0)
        {
            throw new InterpException("the prompt is empty: give at least one token");
        }

        if (prompt.Count > _model.Config.ContextLength)
        {
            throw new InterpException($"the prompt has {prompt.Count} tokens but {_model.Name} takes at most {_model.Config.ContextLength}: shorten it");
        }

        return Run([.. prompt], options, cancellation);
    }

    /// <summary>As <see cref="Generate(IReadOnlyList{int}, GenerationOptions?, CancellationToken)"/>, with the model run on a pool thread.</summary>
    /// <param name="prompt">The ids, at least one and at most as many as the context holds.</param>
    /// <param name="options">How; null takes the likeliest tokens.</param>
    /// <param name="cancellation">Stops the generation before the next token.</param>
    /// <returns>The tokens as they are made.</returns>
    /// <exception cref="InterpException">The prompt is empty or too long, or the context is full.</exception>
    public async IAsyncEnumerable<GeneratedToken> GenerateAsync(
        IReadOnlyList<int> prompt, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var tokens = Generate(prompt, options, cancellation).GetEnumerator();
        while (await Task.Run(tokens.MoveNext, cancellation))
        {
            yield return tokens.Current;
        }
    }

    private IEnumerable<GeneratedToken> Run(List<int> ids, GenerationOptions options, CancellationToken cancellation)
    {
        var stops = (options.StopIds ?? _model.Tokenizer?.EndIds ?? []).ToHashSet();
        var sampler = new TokenSampler(options);
        using var cache = new KeyValueCache();
        var decoder = _model.Tokenizer is { } tokenizer ? new StreamingDecoder(tokenizer, ids) : null;
        for (var made = 1; made <= options.MaxNewTokens; made++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (id, logProbability) = sampler.Next(NextLogits(ids, options, made, cache, cancellation));
            ids.Add(id);
            GenerationEnd? end = stops.Contains(id) ? GenerationEnd.StopToken : made == options.MaxNewTokens ? GenerationEnd.Length : null;
            var text = decoder?.Add(id) ?? "";
            yield return new GeneratedToken(id, end is null ? text : text + decoder?.Finish(), logProbability, end);
            if (end is not null)
            {
                yield break;
            }
        }
    }

    private float[] NextLogits(List<int> ids, GenerationOptions options, int made, KeyValueCache cache, CancellationToken cancellation)
    {
        var context = _model.Config.ContextLength;
        if (ids.Count > context && options.WhenFull == FullContext.Fail)
        {
            throw new InterpException($"the context of {_model.Name} holds {context} tokens and is full after {made - 1} new ones: ask for at most {made - 1}, or let the context slide");
        }

        // The cached keys stand at other positions once the context slides.
        if (ids.Count > context || !_model.CanExtend(cache, ids.Count - cache.Length))
        {
            cache.Clear();
        }

        using var scope = NewDisposeScope();
        using var none = no_grad();
        var isCached = ids.Count <= context && _model.Config.Direction == AttentionDirection.Causal;
        var seen = isCached ? cache.Length : ids.Count - Math.Min(ids.Count, context);
        var window = tensor(ids.Skip(seen).Select(id => (long)id).ToArray()).unsqueeze(0); // [1, p]
        using var run = _model.Run(window, new RunOptions { ReturnLogits = LogitPositions.Last, Past = isCached ? cache : null }, cancellation);
        return run.Logits!.to(ScalarType.Float32).cpu().data<float>().ToArray(); // [1, 1, V]
    }
}
