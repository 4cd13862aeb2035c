using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Analysis;
using Interp.Cli.Frame;
using Interp.Compute.Devices;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Cli.Verbs;

/// <summary><c>interp info MODEL</c>: what a model is, from its headers; no weights are read. <c>interp info --device</c>: what can compute here.</summary>
internal sealed partial class InfoVerb : Verb
{
    private readonly Argument<string?> _model = ModelArgument.CreateOptional();

    private readonly Option<bool> _device = new("--device") { Description = "Show the libraries and GPUs found, and why no GPU is used, instead." };

    /// <summary>Makes the verb.</summary>
    public InfoVerb() : base("info", "Show a model's family, configuration, parameters, element types and tokenizer; or what can compute here.")
    {
        Add(_model);
        Add(_device);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        if (context.Get(_device))
        {
            context.Print(DeviceReport.Create(), WriteDevice);
            return;
        }

        var name = context.Parsed.GetValue(_model) ?? throw new UsageException("interp info: name a model, or ask with --device what can compute here");
        using var workspace = context.OpenWorkspace();
        var folder = workspace.ResolveModel(name);
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
        ResultText.Write(output, JsonSerializer.SerializeToElement(info.Configuration, ResultJson.Options), "  ", withEmpty: true);
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

    private static void WriteDevice(TextWriter output, DeviceReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        output.WriteLine($"device: {report.Device}{(report.WhyNoGpu is null ? "" : $", because {report.WhyNoGpu}")}");
        output.WriteLine($"libtorch: {report.TorchFolder ?? "none found"}{(report.TorchVersion is null ? "" : $", version {report.TorchVersion}")}, {(report.TorchCuda is null ? "built for the CPU" : $"built for CUDA {report.TorchCuda}")}");
        if (report.TorchProblem is not null)
        {
            output.WriteLine($"libtorch cannot be used: {report.TorchProblem}");
        }

        output.WriteLine($"driver: {(report.DriverCuda is null ? "none" : $"CUDA {report.DriverCuda} and older")}");
        foreach (var gpu in report.Gpus)
        {
            output.WriteLine(string.Create(culture, $"GPU {gpu.Index}: {gpu.Name}, compute capability {gpu.ComputeCapability}, {gpu.Multiprocessors} multiprocessors, {gpu.MemoryBytes / (double)(1L << 30):F1} GiB"));
        }

        output.WriteLine(string.Create(culture, $"processor: {report.Cores} cores, {report.System}, {report.MemoryBytes / (double)(1L << 30):F1} GiB"));
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
