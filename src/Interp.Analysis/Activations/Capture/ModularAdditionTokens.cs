using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Activations.Capture;

/// <summary>All p² prompts [a, b, p] of a modular-addition task; document a·p + b.</summary>
internal sealed class ModularAdditionTokens : ITokenSource
{
    private const int PromptLength = 3;

    private readonly int _modulus;

    public ModularAdditionTokens(LanguageModel model)
    {
        _modulus = model.Task!.Modulus;
        if (model.Config.VocabularySize <= _modulus || model.Config.ContextLength < PromptLength)
        {
            throw new InterpException($"{model.Name} is too small for addition modulo {_modulus}: it needs tokens 0 to {_modulus} and {PromptLength} positions");
        }
    }

    public string Kind => ModelTask.ModularAddition;

    public int Context => PromptLength;

    public long DocumentsExpected => (long)_modulus * _modulus;

    public IEnumerable<TokenBatch> Batches(int tokensAtOnce, CancellationToken cancellation)
    {
        var count = _modulus * _modulus;
        var size = Math.Max(1, tokensAtOnce / PromptLength);
        for (var first = 0; first < count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TokenBatch(
                [.. Enumerable.Range(first, Math.Min(size, count - first)).Select(pair => new[] { pair / _modulus, pair % _modulus, _modulus })]);
        }
    }
}
