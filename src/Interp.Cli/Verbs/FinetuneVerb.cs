using System.CommandLine;
using System.Globalization;
using Interp.Cli.Frame;
using Interp.Compute.Devices;
using Interp.Compute.Options;
using Interp.Models.Training.FineTuning;

namespace Interp.Cli.Verbs;

/// <summary><c>interp finetune MODEL --method full|lora|mps --text-file F --out DIR</c>: adapters and tuned models.</summary>
internal sealed class FinetuneVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();

    private readonly Option<string> _text = new("--text-file") { Description = "The text to tune on, UTF-8.", HelpName = "FILE", Required = true };

    private readonly Option<string> _out = new("--out") { Description = "The folder to make; a stopped run goes on when the same command is given again.", HelpName = "DIR", Required = true };

    private readonly OptionFlags _flags = new(typeof(FineTuneOptions));

    /// <summary>Makes the verb.</summary>
    public FinetuneVerb() : base("finetune", "Tune a model on a text: all weights, a LoRA adapter, or a matrix-product-state adapter.")
    {
        Add(_model);
        Option[] options = [_text, _out, .. _flags.Options, CommonOptions.Device];
        foreach (var option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        using var workspace = context.OpenWorkspace();
        var options = (FineTuneOptions)OptionsSchema.Create(typeof(FineTuneOptions), _flags.Values(context.Parsed));
        var folder = context.Get(_out)!;
        var device = ComputeDevice.Parse(context.Device);
        var result = FineTuneRun.Run(workspace.ResolveModel(context.Get(_model)), context.Get(_text)!, folder, options, device, context.Progress, context.Cancellation);
        context.Print(result, (output, tuned) => Write(output, tuned, folder));
    }

    private static void Write(TextWriter output, FineTuneResult result, string folder)
    {
        var culture = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(culture, $"{result.Model}, {result.Method.ToString().ToLowerInvariant()}: {result.TrainedParameters:N0} of {result.ModelParameters:N0} numbers trained over {result.Steps} steps on {result.TrainRows} rows"));
        output.WriteLine(string.Create(culture, $"evaluation loss {result.EvaluationLossBefore:F4} before, {result.EvaluationLoss:F4} after (nats a token); accuracy {result.EvaluationAccuracy:P2}"));
        output.WriteLine($"{(result.Method == FineTuneMethod.Full ? "model" : "adapter")}: {Path.GetFullPath(folder)}");
    }
}
