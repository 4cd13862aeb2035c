using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Analysis;
using Interp.Cli.Frame;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Cli.Verbs;

/// <summary><c>interp info</c>: what a model is, from its headers; no weights are read.</summary>
internal sealed partial class InfoVerb : Verb
{
    private readonly Argument<string> _model = ModelArgument.Create();

    /// <summary>Makes the verb.</summary>
    public InfoVerb() : base("info", "Show a model's family, configuration, parameters, element types and tokenizer.") => Add(_model);

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        using var workspace = context.OpenWorkspace();
        var folder = workspace.ResolveModel(context.Get(_model));
        using var model = LanguageModel.Inspect(folder);
        context.Print(Describe(model, folder), Write);
    }

    private static ModelInfo Describe(LanguageModel model, string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var tokenizer = model.Tokenizer;
        return new ModelInfo
        {
            Name = model.Name,
            Folder = folder,
            Family = model.Config.Family,
            Configuration = model.Config,
            OtherSettings = model.OtherSettings,
            Parameters = model.ParameterCount,
            Dtypes = checkpoint.Names.Select(checkpoint.Entry).GroupBy(entry => entry.Dtype.ToString().ToLowerInvariant())
                .ToDictionary(group => group.Key, group => group.Sum(entry => entry.ElementCount)),
            IsTied = model.Config.IsHeadTied,
            Tokenizer = tokenizer?.Kind,
            TokenizerTokens = tokenizer?.Count,
            HookPoints = model.HookPoints.Count,
            Hooks = [.. model.HookPoints.Select(point => new Hook(point.Name, point.Axes, point.IsOptIn))],
            Task = model.Task,
            Warnings = model.Warnings,
        };
    }

    private static void Write(TextWriter output, ModelInfo info)
    {
        var culture = CultureInfo.InvariantCulture;
        output.WriteLine($"{info.Name}: {info.Family}, {info.Parameters.ToString("N0", culture)} parameters");
        output.WriteLine($"folder: {info.Folder}");
        output.WriteLine($"element types: {string.Join(", ", info.Dtypes.Select(dtype => $"{dtype.Key} {dtype.Value.ToString("N0", culture)}"))}");
        output.WriteLine($"embedding and unembedding: {(info.IsTied ? "tied" : "not tied")}");
        output.WriteLine($"tokenizer: {(info.Tokenizer is null ? "none" : $"{info.Tokenizer}, {info.TokenizerTokens} tokens")}");
        output.WriteLine($"task: {(info.Task is { } task ? $"{task.Kind}, modulus {task.Modulus}" : "none")}");
        output.WriteLine("configuration:");
        ResultText.Write(output, JsonSerializer.SerializeToElement(info.Configuration, ResultJson.Options), "  ");
        output.WriteLine($"hook points: {info.HookPoints}, * for each layer, + for those that fire only when asked for by name");
        foreach (var (name, hook) in info.Hooks.GroupBy(hook => Layer().Replace(hook.Name, "blocks.*.")).Select(group => (group.Key, group.First())))
        {
            output.WriteLine($"  {name} {hook.Axes}{(hook.IsOptIn ? " +" : "")}");
        }

        foreach (var warning in info.Warnings)
        {
            output.WriteLine($"warning: {warning}");
        }
    }

    [GeneratedRegex(@"^blocks\.\d+\.")]
    private static partial Regex Layer();

    private sealed record Hook(string Name, string Axes, bool IsOptIn);

    private sealed record ModelInfo
    {
        public required string Name { get; init; }

        public required string Folder { get; init; }

        public required string Family { get; init; }

        public required ModelConfig Configuration { get; init; }

        public required IReadOnlyDictionary<string, string> OtherSettings { get; init; }

        public required long Parameters { get; init; }

        public required IReadOnlyDictionary<string, long> Dtypes { get; init; }

        public required bool IsTied { get; init; }

        public required string? Tokenizer { get; init; }

        public required int? TokenizerTokens { get; init; }

        public required int HookPoints { get; init; }

        public required IReadOnlyList<Hook> Hooks { get; init; }

        public required ModelTask? Task { get; init; }

        public required IReadOnlyList<string> Warnings { get; init; }
    }
}
