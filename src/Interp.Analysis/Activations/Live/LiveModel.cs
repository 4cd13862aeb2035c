using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Live;

/// <summary>Runs a model on documents of equal length and gives the rows of chosen hooks.</summary>
internal sealed class LiveModel
{
    /// <summary>About the work of one run, in multiplications: two a parameter and token.</summary>
    private const double WorkAtOnce = 4e9;

    private const int MostTokensAtOnce = 8192;

    /// <summary>Models below this size are run on one core, beside the training on another.</summary>
    private const long SmallModelParameters = 5_000_000;

    private readonly LanguageModel _model;
    private readonly IReadOnlyList<string> _hooks;
    private readonly bool _lastOnly;
    private readonly RunOptions _run;
    private readonly int _threads;

    public LiveModel(LanguageModel model, IReadOnlyList<string> hooks, bool lastOnly)
    {
        (_model, _hooks, _lastOnly) = (model, hooks, lastOnly);
        _run = new RunOptions { Capture = HookFilter.Names([.. hooks]), ReturnLogits = LogitPositions.None };
        _threads = model.ParameterCount < SmallModelParameters ? 1 : get_num_threads();
    }

    /// <summary>The rows that a document of a length gives.</summary>
    public int RowsADocument(int length, int leading) => _lastOnly ? 1 : length - leading;

    /// <summary>Runs documents, in pieces that depend on their number alone.</summary>
    /// <returns>One tensor a hook <c>[documents·rows, width]</c>, float32 on the CPU, owned by the caller.</returns>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public Tensor[] Rows(IReadOnlyList<int[]> documents, int leading, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var threads = new TensorThreads(_threads);
        var length = documents[0].Length;
        var atOnce = Math.Max(1, (int)Math.Clamp(WorkAtOnce / _model.ParameterCount, length, Math.Max(length, MostTokensAtOnce)) / length);
        var pieces = _hooks.Select(_ => new List<Tensor>()).ToArray();
        for (var first = 0; first < documents.Count; first += atOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            int[][] some = [.. documents.Skip(first).Take(atOnce)];
            using var result = _model.Run(tensor([.. some.SelectMany(ids => ids).Select(id => (long)id)], some.Length, length), _run, cancellation);
            for (var hook = 0; hook < _hooks.Count; hook++)
            {
                var value = result.Cache[_hooks[hook]];
                var from = _lastOnly ? length - 1 : leading;
                var rows = value.narrow(1, from, length - from).to(ScalarType.Float32).cpu().reshape(some.Length * (length - from), -1);
                pieces[hook].Add(rows.contiguous().MoveToOuterDisposeScope());
            }
        }

        return [.. pieces.Select((hook, i) => Finite(cat(hook, 0), _hooks[i]).DetachFromDisposeScope())];
    }

    private Tensor Finite(Tensor rows, string hook) => double.IsFinite(rows.sum(ScalarType.Float64).item<double>())
        ? rows
        : throw new InterpException($"{_model.Name} gives numbers that are not finite at {hook}: load the model in float32 or bfloat16");
}
