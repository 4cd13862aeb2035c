using System.CommandLine;
using Interp.Analysis.Lenses;
using Interp.Analysis.Lenses.Tuned;
using Interp.Cli.Frame;
using Interp.Compute.Devices;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Verbs;

/// <summary><c>interp lens</c>: what each layer would say next, at every position.</summary>
internal sealed class LensVerb : Verb
{
    private const int TopTokens = 5;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _text = TokenInput.TextOption();
    private readonly Option<string?> _ids = TokenInput.IdsOption();
    private readonly Option<string?> _out = new("--out") { Description = "Also write lens_logits [layers + 1, position, vocabulary] to this file.", HelpName = "G.safetensors" };

    private readonly Option<string> _kind = new("--kind") { Description = "logit, or tuned with the maps of --lens. [logit]", DefaultValueFactory = _ => "logit" };
    private readonly Option<string?> _lens = new("--lens") { Description = "A tuned lens's folder, as interp lens tune writes it.", HelpName = "DIR" };

    /// <summary>Makes the verb.</summary>
    public LensVerb() : base("lens", "Show the top tokens of every layer's residual stream (logit lens or tuned lens), by position.")
    {
        _kind.AcceptOnlyFromAmong("logit", "tuned");
        Option[] options = [_text, _ids, _kind, _lens, _out, CommonOptions.Device, CommonOptions.Dtype];
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

        var (kind, folder) = (context.Get(_kind)!, context.Get(_lens));
        if ((kind == "tuned") == (folder is null))
        {
            throw new UsageException("interp lens reads maps with --kind tuned only: give --kind tuned and --lens DIR together, or neither");
        }

        using var scope = NewDisposeScope();
        using var model = context.LoadModel(context.Get(_model));
        var ids = TokenInput.Row(model, context.Get(_text), context.Get(_ids), "lens");
        using var tuned = folder is null ? null : TunedLens.Load(folder, model);
        // Logits in the model's type, in float64, and their softmax.
        var logits = (model.Config.LayerCount + 1) * ids.shape[1] * model.Config.OutputVocabularySize;
        VerbContext.Plan(model, new MemoryPlan().Add("logits of every layer and their probabilities", logits * (model.Parameters["embed.W_E"].ElementSize + (2 * sizeof(double)))));
        var lens = (tuned?.Compute(model, ids, context.Cancellation) ?? LogitLens.Compute(model, ids, context.Cancellation)).squeeze(1); // [layers + 1, position, vocabulary]
        if (path is not null)
        {
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["lens_logits"] = lens });
        }

        context.Print(Result(model, kind, ids, lens), Print);
    }

    private static Lens Result(LanguageModel model, string kind, Tensor ids, Tensor lens)
    {
        var count = (int)Math.Min(TopTokens, lens.shape[2]);
        var (values, tokens) = nn.functional.softmax(lens.to(ScalarType.Float64), -1).topk(count, -1);
        var (shares, indices) = (values.cpu().data<double>().ToArray(), tokens.cpu().data<long>().ToArray());
        var positions = (int)lens.shape[1];
        var rows = Enumerable.Range(0, (int)lens.shape[0]).Select(layer => new LensRow(
            layer < model.Config.LayerCount ? $"resid_pre {layer}" : "resid_post",
            [.. Enumerable.Range(0, positions).Select(position => (IReadOnlyList<LensToken>)
            [
                .. Enumerable.Range(0, count).Select(rank =>
                {
                    var at = (((layer * positions) + position) * count) + rank;
                    return new LensToken((int)indices[at], TokenInput.Show(model, (int)indices[at]), shares[at]);
                }),
            ])])).ToList();
        return new Lens(model.Name, kind, [.. ids.cpu().data<long>().Select(id => TokenInput.Show(model, (int)id))], rows);
    }

    private static void Print(TextWriter output, Lens lens)
    {
        // The top token of each layer, a column a position; the last positions where there are many.
        const int Columns = 8;
        const int Width = 14;
        var first = Math.Max(0, lens.Tokens.Count - Columns);
        output.WriteLine($"{"",-14}{string.Concat(lens.Tokens.Skip(first).Select(token => Cell(token, Width)))}");
        foreach (var row in lens.Layers)
        {
            output.WriteLine($"{row.Stream,-14}{string.Concat(row.Positions.Skip(first).Select(top => Cell($"{top[0].Text} {top[0].Probability:P0}", Width)))}");
        }
    }

    private static string Cell(string text, int width) => (text.Length >= width ? text[..(width - 2)] + "…" : text).PadRight(width);

    /// <summary>The result: streams in order of depth.</summary>
    private sealed record Lens(string Model, string Kind, IReadOnlyList<string> Tokens, IReadOnlyList<LensRow> Layers);

    /// <summary>One stream: the top tokens at each position.</summary>
    private sealed record LensRow(string Stream, IReadOnlyList<IReadOnlyList<LensToken>> Positions);

    /// <summary>One token with its probability, 0–1.</summary>
    private sealed record LensToken(int Id, string Text, double Probability);
}
