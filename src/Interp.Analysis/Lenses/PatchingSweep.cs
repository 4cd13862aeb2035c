using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses;

/// <summary>
/// Activation patching: the metric of a corrupted run after one value of the clean run was put in, for every layer and position or
/// head (arXiv 2309.16042). Attribution patching: its first-order estimate from one backward pass (arXiv 2310.10348).
/// </summary>
public sealed class PatchingSweep
{
    /// <summary>The most patches that go through the model as one batch.</summary>
    public const int RowsAtOnce = 32;

    private readonly LanguageModel _model;
    private readonly Tensor _clean;
    private readonly Tensor _corrupted;
    private readonly AnswerDirection _answer;

    /// <summary>Sets up a sweep.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clean">Token ids [1, position] of the run that values are taken from.</param>
    /// <param name="corrupted">Token ids [1, position] of the run that they are put into.</param>
    /// <param name="answer">The metric.</param>
    /// <exception cref="InterpException">The prompts differ in length, or a token is outside the vocabulary.</exception>
    public PatchingSweep(LanguageModel model, Tensor clean, Tensor corrupted, AnswerDirection answer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(answer);
        answer.Check(model.Config);
        if (clean.dim() != 2 || clean.shape[0] != 1 || !clean.shape.SequenceEqual(corrupted.shape))
        {
            throw new InterpException(
                $"the clean prompt is [{string.Join(", ", clean.shape)}] and the corrupted one [{string.Join(", ", corrupted.shape)}]: both must be [1, position] of the same length");
        }

        (_model, _clean, _corrupted, _answer) = (model, clean, corrupted, answer);
    }

    /// <summary>The metric of the plain clean run.</summary>
    public double CleanMetric() => Metric(_clean);

    /// <summary>The metric of the plain corrupted run.</summary>
    public double CorruptedMetric() => Metric(_corrupted);

    /// <summary>Patches exactly; many patches go through the model as rows of one batch.</summary>
    /// <returns>The metric after each patch, [layers, positions or heads], owned by the caller.</returns>
    /// <exception cref="HookNotFoundException">The model has no such site.</exception>
    public Tensor Patch(PatchingSite site, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var layers = _model.Config.LayerCount;
        using var clean = _model.Run(_clean, new RunOptions { Capture = Sites(site), ReturnLogits = LogitPositions.None }, cancellation);
        var rows = new List<Tensor>();
        for (var layer = 0; layer < layers; layer++)
        {
            var name = HookOf(site, layer);
            var value = clean.Cache[name];
            var count = value.shape[Axis(site)];
            var metrics = new List<Tensor>();
            for (long first = 0; first < count; first += RowsAtOnce)
            {
                metrics.Add(PatchRows(site, name, value, first, Math.Min(RowsAtOnce, count - first), cancellation));
            }

            rows.Add(cat(metrics, 0));
            progress?.Report(new StepProgress($"patch {Word(site)}", layer + 1, layers, "layers"));
        }

        return stack(rows, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Estimates every patch to first order: Σ (clean − corrupted) · gradient of the metric in the corrupted run.</summary>
    /// <returns>The estimated change of the metric, [layers, positions or heads], owned by the caller.</returns>
    /// <exception cref="HookNotFoundException">The model has no such site.</exception>
    public Tensor Estimate(PatchingSite site, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var clean = _model.Run(_clean, new RunOptions { Capture = Sites(site), ReturnLogits = LogitPositions.None }, cancellation);
        var (corrupted, gradients) = Gradients(site, cancellation);
        using (corrupted)
        {
            var rows = gradients.Select((gradient, layer) =>
            {
                var name = HookOf(site, layer);
                var product = (clean.Cache[name] - corrupted.Cache[name].detach()) * gradient;
                return product.transpose(0, Axis(site)).flatten(1).sum(1);
            }).ToList();
            return stack(rows, 0).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The gradient of the metric in the corrupted run with respect to each layer's value at a site.</summary>
    /// <returns>[layers, …] of the site's own axes without the batch, owned by the caller.</returns>
    public Tensor Gradient(PatchingSite site, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var (corrupted, gradients) = Gradients(site, cancellation);
        using (corrupted)
        {
            return cat(gradients, 0).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A site's word, as in options and tensor names ("resid_pre").</summary>
    public static string Word(PatchingSite site) => site switch
    {
        PatchingSite.ResidPre => "resid_pre",
        PatchingSite.ResidMid => "resid_mid",
        PatchingSite.AttnOut => "attn_out",
        PatchingSite.MlpOut => "mlp_out",
        _ => site.ToString().ToLowerInvariant(),
    };

    private (RunResult Run, Tensor[] Gradients) Gradients(PatchingSite site, CancellationToken cancellation)
    {
        using var recording = enable_grad();
        var run = _model.Run(_corrupted, new RunOptions { Capture = Sites(site), RecordGradients = true }, cancellation);
        try
        {
            using var metric = _answer.Metric(run.Logits!).sum();
            var values = Enumerable.Range(0, _model.Config.LayerCount).Select(layer => run.Cache[HookOf(site, layer)]).ToList();
            return (run, [.. autograd.grad([metric], values)]);
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    private Tensor PatchRows(PatchingSite site, string name, Tensor clean, long first, long count, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        Tensor Put(Tensor value)
        {
            var patched = value.clone();
            for (long row = 0; row < count; row++)
            {
                // Row by row its own position or head is the clean one.
                patched.select(0, row).select(Axis(site) - 1, first + row).copy_(clean.select(0, 0).select(Axis(site) - 1, first + row));
            }

            return patched;
        }

        var ids = _corrupted.expand(count, _corrupted.shape[1]);
        using var run = _model.Run(
            ids, new RunOptions { Hooks = [new HookHandler(name, (value, _) => Put(value))], ReturnLogits = LogitPositions.Last }, cancellation);
        return _answer.Metric(run.Logits!).MoveToOuterDisposeScope();
    }

    private double Metric(Tensor ids)
    {
        using var scope = NewDisposeScope();
        using var run = _model.Run(ids, new RunOptions { ReturnLogits = LogitPositions.Last });
        return _answer.Metric(run.Logits!).ToDouble();
    }

    private HookFilter Sites(PatchingSite site) => HookFilter.Names(Enumerable.Range(0, _model.Config.LayerCount).Select(layer => HookOf(site, layer)));

    private static string HookOf(PatchingSite site, int layer) =>
        site <= PatchingSite.MlpOut ? $"blocks.{layer}.hook_{Word(site)}" : $"blocks.{layer}.attn.hook_{Word(site)}";

    // Positions are axis 1 of streams; heads are axis 2 of queries, keys, values and z, and axis 1 of patterns.
    private static int Axis(PatchingSite site) => site is PatchingSite.Z or PatchingSite.Q or PatchingSite.K or PatchingSite.V ? 2 : 1;
}
