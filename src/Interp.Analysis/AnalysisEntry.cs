using Interp.Compute;
using Interp.Compute.Options;
using TorchSharp;

namespace Interp.Analysis;

/// <summary>One line of the catalogue: how an analysis is named, what it takes, and how it is run.</summary>
public sealed class AnalysisEntry
{
    private readonly Func<AnalysisSources, object, IProgress<StepProgress>?, CancellationToken, AnalysisOutcome> _run;

    private AnalysisEntry(Func<AnalysisSources, object, IProgress<StepProgress>?, CancellationToken, AnalysisOutcome> run) => _run = run;

    /// <summary>The stable name, lower case with hyphens ("circles-fourier").</summary>
    public required string Name { get; init; }

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence: what it finds out.</summary>
    public required string Summary { get; init; }

    /// <summary>The sources it takes.</summary>
    public required SourceKinds Sources { get; init; }

    /// <summary>The options record.</summary>
    public required Type OptionsType { get; init; }

    /// <summary>The result record.</summary>
    public required Type ResultType { get; init; }

    /// <summary>Makes the catalogue's line from an analysis's own typed parts.</summary>
    /// <typeparam name="TInput">The typed input; disposed after the run when it is disposable.</typeparam>
    /// <typeparam name="TOptions">The options record.</typeparam>
    /// <typeparam name="TResult">The result record.</typeparam>
    /// <param name="name">The stable name, lower case with hyphens.</param>
    /// <param name="title">The heading.</param>
    /// <param name="summary">One sentence: what it finds out.</param>
    /// <param name="sources">The sources it takes.</param>
    /// <param name="bind">Opens the typed input from the sources; throws <see cref="InterpException"/> with one clear line when they do not fit.</param>
    /// <param name="run">The science.</param>
    /// <param name="figures">Result to figures.</param>
    /// <param name="tensors">Big arrays of the result to write beside it; the caller of the run owns them.</param>
    public static AnalysisEntry Create<TInput, TOptions, TResult>(
        string name,
        string title,
        string summary,
        SourceKinds sources,
        Func<AnalysisSources, TOptions, TInput> bind,
        Func<TInput, TOptions, IProgress<StepProgress>?, CancellationToken, TResult> run,
        Func<TResult, IReadOnlyList<Figure>> figures,
        Func<TResult, IReadOnlyDictionary<string, torch.Tensor>>? tensors = null)
        where TOptions : class, new()
        where TResult : class =>
        new((from, options, progress, cancellation) =>
        {
            var typed = (TOptions)options;
            OptionsSchema.Validate(typed);
            var input = bind(from, typed);
            try
            {
                var result = run(input, typed, progress, cancellation);
                return new AnalysisOutcome(result, figures(result), tensors?.Invoke(result) ?? new Dictionary<string, torch.Tensor>());
            }
            finally
            {
                (input as IDisposable)?.Dispose();
            }
        })
        {
            Name = name,
            Title = title,
            Summary = summary,
            Sources = sources,
            OptionsType = typeof(TOptions),
            ResultType = typeof(TResult),
        };

    /// <summary>Runs the analysis. Deterministic for the options' seed.</summary>
    /// <param name="sources">What it works on.</param>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="cancellation">Stops the run within a tenth of a second.</param>
    /// <returns>The outcome, owned by the caller.</returns>
    public AnalysisOutcome Run(AnalysisSources sources, object options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        _run(sources, options, progress, cancellation);
}
