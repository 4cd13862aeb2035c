using System.CommandLine;
using System.Globalization;
using Interp.Analysis.Lenses;
using Interp.Cli.Frame;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Verbs;

/// <summary><c>interp attribute</c>: what each component adds to a logit, or to the difference of two.</summary>
internal sealed class AttributeVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _text = TokenInput.TextOption();
    private readonly Option<string?> _ids = TokenInput.IdsOption();
    private readonly Option<string> _answer = new("--answer") { Description = "The token whose logit counts: a text or #id.", HelpName = "A", Required = true };
    private readonly Option<string?> _wrong = new("--wrong") { Description = "The token whose logit is subtracted: a text or #id.", HelpName = "B" };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "Also write head_attribution [layers, heads], attn_attribution, mlp_attribution [layers] and embed_attribution to this file.",
        HelpName = "G.safetensors",
    };

    /// <summary>Makes the verb.</summary>
    public AttributeVerb() : base("attribute", "Attribute a logit at the last position to components and heads (direct logit attribution).")
    {
        Option[] options = [_text, _ids, _answer, _wrong, _out, CommonOptions.Device, CommonOptions.Dtype];
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

        using var scope = NewDisposeScope();
        using var model = context.LoadModel(context.Get(_model));
        var ids = TokenInput.Row(model, context.Get(_text), context.Get(_ids), "attribute");
        var answer = new AnswerDirection(
            TokenInput.Token(model, context.Get(_answer)!), context.Get(_wrong) is { } wrong ? TokenInput.Token(model, wrong) : null);
        var heads = model.Config.HeadCount;
        VerbContext.Plan(model, RunMemory.Of(model, 1, ids.shape[1], new RunOptions { Capture = HookFilter.Names("blocks.*.attn.hook_result"), ReturnLogits = LogitPositions.None }));
        using var attribution = LogitAttribution.Compute(model, ids, answer, context.Cancellation);
        if (path is not null)
        {
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor>
            {
                ["head_attribution"] = attribution.Heads,
                ["attn_attribution"] = attribution.Attention,
                ["mlp_attribution"] = attribution.Mlp,
                ["embed_attribution"] = attribution.Embedding,
            });
        }

        var flat = Values(attribution.Heads);
        context.Print(
            new Attribution(
                model.Name, answer.Answer, answer.Wrong, Values(attribution.Embedding)[0], Values(attribution.Attention), Values(attribution.Mlp),
                [.. Enumerable.Range(0, model.Config.LayerCount).Select(layer => flat[(layer * heads)..((layer + 1) * heads)])]),
            Print);
    }

    private static double[] Values(Tensor tensor) => tensor.to(ScalarType.Float64).cpu().data<double>().ToArray();

    private static void Print(TextWriter output, Attribution attribution)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"embedding {attribution.Embedding,9:0.0000}"));
        for (var layer = 0; layer < attribution.Attention.Length; layer++)
        {
            var heads = string.Join(' ', attribution.Heads[layer].Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"layer {layer,3}  attention {attribution.Attention[layer],9:0.0000}  mlp {attribution.Mlp[layer],9:0.0000}  heads {heads}"));
        }
    }

    /// <summary>The result, in logits.</summary>
    private sealed record Attribution(string Model, int Answer, int? Wrong, double Embedding, double[] Attention, double[] Mlp, double[][] Heads);
}
