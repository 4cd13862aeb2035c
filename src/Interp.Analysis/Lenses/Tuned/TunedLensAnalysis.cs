using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>
/// Trains a tuned lens: for every layer an affine map such that the lens on the mapped stream gives the model's own prediction,
/// KL(final ‖ lens) by AdamW, all layers in one pass, nothing of the model changed (arXiv 2303.08112).
/// </summary>
public static class TunedLensAnalysis
{
    private const int MostPoints = 1000;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<TunedLensInput, TunedLensOptions, TunedLensResult>(
        "lens-tune",
        "Tuned lens",
        "Trains for every layer an affine map through which its residual stream already speaks the model's final prediction.",
        SourceKinds.Model | SourceKinds.Text,
        (sources, _) => TunedLensInput.Open(sources),
        Run,
        TunedLensFigures.Draw);

    /// <summary>Trains, measures and saves a lens.</summary>
    /// <param name="input">The model, the text and where the lens goes.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops before the next step; the last saved state stays.</param>
    /// <returns>What the lens does on batches it never saw. The same input and options give the same numbers, interrupted or not.</returns>
    /// <exception cref="InterpException">The text holds too few batches, or the saved state belongs to another run.</exception>
    public static TunedLensResult Run(TunedLensInput input, TunedLensOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        var states = options.StateFolder.Length > 0 ? options.StateFolder : input.OutputFolder;
        using var lens = TunedLens.Identity(input.Model);
        using var optimizer = new AdamW(lens.Parameters, new AdamWOptions { LearningRate = options.LearningRate, WeightDecay = options.WeightDecay, Beta2 = 0.999 });
        var history = new List<TunedLensPoint>();
        using var batches = Own(input, options, cancellation).GetEnumerator();
        var heldOut = Enumerable.Range(0, options.HeldOutBatches).Select(_ => Next(batches)).ToList();
        var before = Measure(input.Model, lens, heldOut, cancellation);
        if (options.Resume)
        {
            TunedLensState.TryRestore(states, lens, optimizer, history, options);
        }

        for (var skipped = 0L; skipped < optimizer.StepCount; skipped++)
        {
            Next(batches);
        }

        Train(input.Model, lens, optimizer, batches, history, states, options, progress, cancellation);
        var after = Measure(input.Model, lens, heldOut, cancellation);
        lens.Save(input.OutputFolder);
        TunedLensState.Delete(states);
        var stride = Math.Max(1, (history.Count + MostPoints - 1) / MostPoints);
        return new TunedLensResult
        {
            Model = input.Model.Name,
            Steps = optimizer.StepCount,
            BatchTokens = heldOut[0].Flat.Length,
            LogitLensNats = before,
            TunedLensNats = after,
            History = [.. history.Where((_, at) => at % stride == 0 || at == history.Count - 1)],
        };
    }

    /// <summary>The held-out batches first, then training batches for ever: the held-out ones are left out of every pass.</summary>
    private static IEnumerable<TokenBatch> Own(TunedLensInput input, TunedLensOptions options, CancellationToken cancellation)
    {
        string? first = null;
        var (index, passes) = (0, 0);
        foreach (var batch in input.Batches(options, cancellation))
        {
            // The first batch tells where a pass begins.
            var key = string.Join(',', batch.Flat);
            first ??= key;
            if (key == first && index > 0)
            {
                if (index <= options.HeldOutBatches)
                {
                    throw new InterpException($"the text holds {index} batches, of which {options.HeldOutBatches} are kept apart: give a longer text or smaller batches");
                }

                (index, passes) = (0, passes + 1);
            }

            if (passes == 0 || index >= options.HeldOutBatches)
            {
                yield return batch;
            }

            index++;
        }
    }

    private static TokenBatch Next(IEnumerator<TokenBatch> batches) =>
        batches.MoveNext() ? batches.Current : throw new InterpException("the text gives no tokens: give a longer one");

    private static void Train(
        LanguageModel model,
        TunedLens lens,
        AdamW optimizer,
        IEnumerator<TokenBatch> batches,
        List<TunedLensPoint> history,
        string states,
        TunedLensOptions options,
        IProgress<StepProgress>? progress,
        CancellationToken cancellation)
    {
        while (optimizer.StepCount < options.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var gradients = new Dictionary<string, Tensor>();
            var losses = Losses(model, lens, Next(batches), gradients, cancellation);
            optimizer.Step([.. optimizer.Names.Select(name => gradients[name])]);
            history.Add(new TunedLensPoint(optimizer.StepCount, losses.Average()));
            progress?.Report(new StepProgress("tune lens", optimizer.StepCount, options.Steps, "steps"));
            if (options.CheckpointEvery > 0 && optimizer.StepCount % options.CheckpointEvery == 0 && optimizer.StepCount < options.Steps)
            {
                TunedLensState.Save(states, lens, optimizer, history, options);
            }
        }
    }

    private static double[] Measure(LanguageModel model, TunedLens lens, List<TokenBatch> batches, CancellationToken cancellation)
    {
        var sums = new double[lens.LayerCount];
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            var losses = Losses(model, lens, batch, null, cancellation);
            sums = [.. sums.Zip(losses, (sum, loss) => sum + loss)];
        }

        return [.. sums.Select(sum => sum / batches.Count)];
    }

    /// <summary>KL(final ‖ lens) by layer, nats a token; and each map's gradient of it where asked.</summary>
    private static double[] Losses(LanguageModel model, TunedLens lens, TokenBatch batch, Dictionary<string, Tensor>? gradients, CancellationToken cancellation)
    {
        var ids = tensor(batch.Flat, batch.Documents.Count, batch.Length);
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Matching("blocks.*.hook_resid_pre") }, cancellation);
        var final = nn.functional.log_softmax(run.Logits!.to(lens.Parameters[TunedLens.BiasName(0)].dtype), -1);
        var share = final.exp();
        var losses = new double[lens.LayerCount];
        for (var layer = 0; layer < losses.Length; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var recording = gradients is null ? no_grad() : (IDisposable)enable_grad();
            Tensor[] maps = [lens.Parameters[TunedLens.WeightName(layer)], lens.Parameters[TunedLens.BiasName(layer)]];
            foreach (var map in maps)
            {
                map.requires_grad_(gradients is not null);
            }

            var logits = LogitLens.Distribution(model, model.Unembed(lens.Translate(layer, run.Cache["resid_pre", layer])));
            var loss = (share * (final - nn.functional.log_softmax(logits.to(final.dtype), -1))).sum(-1).mean();
            losses[layer] = loss.ToDouble();
            if (gradients is null)
            {
                continue;
            }

            var made = autograd.grad([loss], maps);
            gradients.Add(TunedLens.WeightName(layer), made[0].MoveToOuterDisposeScope());
            gradients.Add(TunedLens.BiasName(layer), made[1].MoveToOuterDisposeScope());
            foreach (var map in maps)
            {
                map.requires_grad_(false);
            }
        }

        return losses;
    }
}
