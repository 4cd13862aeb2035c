using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Compute;

namespace Interp.Models.Hooks.Interventions;

/// <summary>
/// One change to a run as plain data, {target, positions, operation, strength}, so that the command line, notebooks and reports
/// share it. Equal records do equal things.
/// </summary>
public sealed record Intervention
{
    private const long LargestFile = 64 << 20;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new InterventionPositions() },
        MaxDepth = 8,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The hook point, by any name that hooks take (shorthands, globs, module paths).</summary>
    public required string Target { get; init; }

    /// <summary>The head meant, of a point with heads; null for all.</summary>
    public int? Head { get; init; }

    /// <summary>The entry of the value's last axis meant (a neuron, an expert's logit); null for all.</summary>
    public int? Neuron { get; init; }

    /// <summary>The positions meant; null for all. Of scores and patterns the queries' are meant.</summary>
    public HookPositions? Positions { get; init; }

    /// <summary>What is done.</summary>
    public required InterventionKind Operation { get; init; }

    /// <summary>
    /// How much: for steering in units of the value's mean norm, for scaling the factor, for projection the share removed; for the
    /// others how far the value moves to the new one.
    /// </summary>
    public double Strength { get; init; } = 1;

    /// <summary>The vectors of steering, projection and subspaces: <c>FILE:TENSOR</c>, [d] or [n, d].</summary>
    public string? Vectors { get; init; }

    /// <summary>The same, written out; one vector a list.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Directions { get; init; }

    /// <summary>The reference input of mean, resample, patch and swap: a safetensors file with <c>input_ids</c> [n, position].</summary>
    public string? Reference { get; init; }

    /// <summary>Whether a mean is over positions too.</summary>
    public bool IsPooled { get; init; }

    /// <summary>Draws the rows of a resample ablation.</summary>
    public long Seed { get; init; }

    /// <summary>Reads a list of interventions, or one, from JSON.</summary>
    /// <param name="path">The file; relative paths inside it start from its folder.</param>
    /// <exception cref="InterpException">The file is missing or says something else.</exception>
    public static IReadOnlyList<Intervention> Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile } file)
            {
                throw new InterpException($"{path}: is {file.Length:N0} bytes long; a list of interventions is not");
            }

            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return [.. Parse(File.ReadAllText(path)).Select(each => each.Within(folder))];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"{path}: holds no interventions ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }

    /// <summary>Parses a list of interventions, or one.</summary>
    /// <exception cref="JsonException">The text says something else.</exception>
    public static IReadOnlyList<Intervention> Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = s_json.MaxDepth });
        var list = document.RootElement.ValueKind == JsonValueKind.Array
            ? document.RootElement.Deserialize<List<Intervention?>>(s_json)
            : [document.RootElement.Deserialize<Intervention>(s_json)];
        return list!.Contains(null) ? throw new JsonException("an entry of the list is null") : [.. list.OfType<Intervention>()];
    }

    /// <summary>Writes interventions as JSON.</summary>
    public static string Write(IReadOnlyList<Intervention> interventions) => JsonSerializer.Serialize(interventions, s_json);

    private Intervention Within(string folder) => this with
    {
        Vectors = Vectors is null ? null : Path.Combine(folder, Vectors),
        Reference = Reference is null ? null : Path.Combine(folder, Reference),
    };
}
