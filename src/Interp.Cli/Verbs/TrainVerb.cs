using System.CommandLine;
using System.Globalization;
using Interp.Cli.Frame;
using Interp.Models.Training;

namespace Interp.Cli.Verbs;

/// <summary><c>interp train</c>: a shipped model again from its recipe.</summary>
internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _recipe = new("recipe")
    {
        HelpName = "RECIPE",
        Description = string.Join("; ", TrainingRecipes.All.Select(recipe => $"{recipe.Name}: {recipe.Summary.TrimEnd('.')}")) + ".",
    };

    private readonly Option<string> _out = new("--out") { Description = "The model folder to make.", HelpName = "DIR", Required = true };

    private readonly Option<long?> _seed = new("--seed") { Description = "Seed of the split, the initial weights and the batches; else the recipe's own.", HelpName = "N" };

    /// <summary>Makes the verb.</summary>
    public TrainVerb() : base("train", "Train a shipped model again from its recipe.")
    {
        Add(_recipe);
        Add(_out);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var folder = context.Get(_out)!;
        var metrics = TrainingRecipes.Find(context.Get(_recipe)!).Train(folder, context.Get(_seed), context.Progress, context.Cancellation);
        context.Print(metrics, (output, result) =>
        {
            var culture = CultureInfo.InvariantCulture;
            output.WriteLine($"{result.Recipe}, seed {result.Seed}: {result.Steps} steps, {result.ParameterCount.ToString("N0", culture)} parameters");
            output.WriteLine($"held-out accuracy {result.HeldOutAccuracy.ToString("P2", culture)}, loss {result.HeldOutLoss.ToString("G4", culture)} nats");
            output.WriteLine($"model: {Path.GetFullPath(folder)}");
        });
    }
}
