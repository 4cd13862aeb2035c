using System.CommandLine;
using System.Globalization;
using Interp.Analysis.Lenses;
using Interp.Cli.Frame;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Verbs;

/// <summary><c>interp patch</c>: what happens to the answer when values of a clean run are put into a corrupted one.</summary>
internal sealed class PatchVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _clean = TokenInput.TextOption("--clean", "The clean text");
    private readonly Option<string?> _corrupt = TokenInput.TextOption("--corrupt", "The corrupted text, of as many tokens");
    private readonly Option<string?> _ids = new("--ids") { Description = "A safetensors file with input_ids [2, position]: row 0 clean, row 1 corrupted.", HelpName = "F.safetensors" };
    private readonly Option<string> _answer = new("--answer") { Description = "The right token: a text or #id.", HelpName = "A", Required = true };
    private readonly Option<string> _wrong = new("--wrong") { Description = "The wrong token: a text or #id.", HelpName = "B", Required = true };
    private readonly Option<string> _sites = new("--sites")
    {
        Description = $"Where to patch: {string.Join(", ", Enum.GetValues<PatchingSite>().Select(PatchingSweep.Word))}.",
        HelpName = "SITE,…",
        DefaultValueFactory = _ => "resid_pre,z,mlp_out",
    };

    private readonly Option<string> _method = new("--method") { Description = "activation (exact) or attribution (first order).", DefaultValueFactory = _ => "activation" };
    private readonly Option<string?> _out = new("--out") { Description = "Also write patch_SITE, or attribution_patch_SITE and grad_SITE, and both metrics to this file.", HelpName = "G.safetensors" };

    /// <summary>Makes the verb.</summary>
    public PatchVerb() : base("patch", "Patch a corrupted run with values of a clean one, by layer and position or head.")
    {
        _method.AcceptOnlyFromAmong("activation", "attribution");
        Option[] options = [_clean, _corrupt, _ids, _answer, _wrong, _sites, _method, _out, CommonOptions.Device, CommonOptions.Dtype];
        Add(_model);
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var path = context.Get(_out);
        if (path is not null)
        {
            OutputFile.Check(path);
        }

        var sites = context.Get(_sites)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Site).ToList();
        var isExact = context.Get(_method) == "activation";
        using var scope = NewDisposeScope();
        using var model = context.LoadModel(context.Get(_model));
        var (clean, corrupted) = Prompts(model, context);
        // Positions or heads are patched, as many at once as fit a batch.
        var rows = isExact ? Math.Min(PatchingSweep.RowsAtOnce, Math.Min(clean.shape[1], model.Config.HeadCount)) : 1;
        VerbContext.Plan(model, RunMemory.Of(model, rows, clean.shape[1], new RunOptions { RecordGradients = !isExact, ReturnLogits = LogitPositions.Last }));
        var sweep = new PatchingSweep(
            model, clean, corrupted, new AnswerDirection(TokenInput.Token(model, context.Get(_answer)!), TokenInput.Token(model, context.Get(_wrong)!)));
        var tensors = sites.ToDictionary(
            site => $"{(isExact ? "" : "attribution_")}patch_{PatchingSweep.Word(site)}",
            site => isExact ? sweep.Patch(site, context.Progress, context.Cancellation) : sweep.Estimate(site, context.Cancellation));
        var (cleanMetric, corruptedMetric) = (sweep.CleanMetric(), sweep.CorruptedMetric());
        if (path is not null)
        {
            var written = new Dictionary<string, Tensor>(tensors) { ["metric_clean"] = tensor([(float)cleanMetric]), ["metric_corrupted"] = tensor([(float)corruptedMetric]) };
            foreach (var site in isExact ? [] : sites)
            {
                written.Add($"grad_{PatchingSweep.Word(site)}", sweep.Gradient(site, context.Cancellation));
            }

            SafetensorsWriter.Write(path, written);
        }

        context.Print(
            new Patching(model.Name, context.Get(_method)!, cleanMetric, corruptedMetric, tensors.ToDictionary(pair => pair.Key, pair => Rows(pair.Value))), Print);
    }

    private (Tensor Clean, Tensor Corrupted) Prompts(LanguageModel model, VerbContext context)
    {
        var (clean, corrupt, file) = (context.Get(_clean), context.Get(_corrupt), context.Get(_ids));
        if ((file is null) == (clean is null || corrupt is null))
        {
            throw new UsageException("interp patch needs two prompts: give either --clean T and --corrupt U, or --ids F.safetensors");
        }

        if (file is null)
        {
            return (TokenInput.Encode(model, clean!), TokenInput.Encode(model, corrupt!));
        }

        var ids = TokenInput.Read(file);
        return ids.dim() == 2 && ids.shape[0] >= 2
            ? (ids.narrow(0, 0, 1), ids.narrow(0, 1, 1))
            : throw new CheckpointException($"{file}: input_ids is [{string.Join(", ", ids.shape)}]: two rows are needed, clean and corrupted");
    }

    private static PatchingSite Site(string word) => Enum.GetValues<PatchingSite>().Where(site => PatchingSweep.Word(site) == word).Cast<PatchingSite?>().FirstOrDefault()
        ?? throw new UsageException($"there is no patching site {word}: choose from {string.Join(", ", Enum.GetValues<PatchingSite>().Select(PatchingSweep.Word))}");

    private static double[][] Rows(Tensor table)
    {
        var values = table.to(ScalarType.Float64).cpu().data<double>().ToArray();
        return [.. values.Chunk((int)table.shape[1])];
    }

    private static void Print(TextWriter output, Patching patching)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"clean {patching.CleanMetric:0.0000}, corrupted {patching.CorruptedMetric:0.0000}"));
        foreach (var (name, rows) in patching.Tables)
        {
            output.WriteLine(name);
            for (var layer = 0; layer < rows.Length; layer++)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  layer {layer,3}  {string.Join(' ', rows[layer].Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)))}"));
            }
        }
    }

    /// <summary>The result: the metric is the right token's logit minus the wrong one's, at the last position.</summary>
    private sealed record Patching(string Model, string Method, double CleanMetric, double CorruptedMetric, IReadOnlyDictionary<string, double[][]> Tables);
}
