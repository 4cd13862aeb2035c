using System.Globalization;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry;

/// <summary>What is measured: the activations of a model on a text or on its own task, or the rows of a tensor.</summary>
/// <param name="Name">The model or the tensor, in words.</param>
/// <param name="Sets">One for the model, more with its checkpoints.</param>
public sealed record GeometryInput(string Name, IReadOnlyList<CloudSet> Sets)
{
    /// <summary>Takes the tensor where one is named, else the model with its text or its own task.</summary>
    /// <exception cref="InterpException">There is neither, or model, text and hooks do not fit.</exception>
    public static GeometryInput Open(AnalysisSources sources, GeometryOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        if (sources.Tensor is { } reference)
        {
            return new GeometryInput(reference, [new CloudSet(null, () => [OfTensor(reference, options)])]);
        }

        var model = sources.Model ?? throw new InterpException("geometry needs a model with --text-file, or a tensor: name a model, or FILE:TENSOR with rows [n, d]");
        var clouds = new ModelClouds(sources.TextFile, options);
        List<CloudSet> sets = [new CloudSet(null, () => clouds.Of(model))];
        if (options.Checkpoints)
        {
            sets.InsertRange(0, Checkpoints(model).Select(checkpoint => new CloudSet(checkpoint.Step, () => OfCheckpoint(clouds, checkpoint.Folder))));
        }

        return new GeometryInput(model.Name, sets);
    }

    /// <summary>At most so many rows of a matrix, a seeded sample in their order.</summary>
    /// <exception cref="InterpException">A row is not finite, or there are fewer than two.</exception>
    internal static Cloud Sampled(Tensor rows, string name, GeometryOptions options)
    {
        using var scope = NewDisposeScope();
        if (rows.dim() != 2 || rows.shape[0] < 2 || rows.shape[1] < 1)
        {
            throw new ShapeMismatchException(name, "[n ≥ 2, d ≥ 1]", rows.shape);
        }

        var kept = rows.detach();
        if (rows.shape[0] > options.Rows)
        {
            var numbers = SplitMix64.ForStream(options.Seed, "rows of a cloud").Permutation((int)rows.shape[0])[..options.Rows];
            Array.Sort(numbers);
            kept = rows.index_select(0, tensor(numbers, dtype: ScalarType.Int64, device: rows.device));
        }

        kept = kept.to(ScalarType.Float64).cpu();
        Cloud.RequireFinite(kept, name);
        return new Cloud(name, (options.UnitRows ? nn.functional.normalize(kept, dim: 1) : kept).contiguous().MoveToOuterDisposeScope());
    }

    private static Cloud OfTensor(string reference, GeometryOptions options)
    {
        using var rows = TensorReference.Read(reference);
        return Sampled(rows, reference, options);
    }

    private static IReadOnlyList<Cloud> OfCheckpoint(ModelClouds clouds, string folder)
    {
        using var model = LanguageModel.Load(folder);
        return clouds.Of(model);
    }

    private static (int Step, string Folder)[] Checkpoints(LanguageModel model)
    {
        var found = model.Folder is null ? [] : Directory.EnumerateDirectories(model.Folder)
            .Where(folder => File.Exists(Path.Combine(folder, "config.json")))
            .Select(folder => (Step: StepOf(Path.GetFileName(folder)), Folder: folder))
            .Where(checkpoint => checkpoint.Step >= 0)
            .OrderBy(checkpoint => checkpoint.Step).ToArray();
        return found.Length > 0 ? found : throw new InterpException($"{model.Name} has no checkpoints: its folder holds none called checkpoint-N or step-N with a config.json");
    }

    private static int StepOf(string name)
    {
        var digits = name.StartsWith("checkpoint-", StringComparison.Ordinal) ? name[11..] : name.StartsWith("step-", StringComparison.Ordinal) ? name[5..] : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1;
    }
}
