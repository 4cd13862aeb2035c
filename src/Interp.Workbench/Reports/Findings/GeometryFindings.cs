using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>The geometry of clouds and the dimension of an objective in words.</summary>
internal static class GeometryFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        JsonElement[] clouds = [.. result.List("clouds").Where(cloud => Dimension(cloud) is not null)];
        if (clouds.Length == 0)
        {
            yield break;
        }

        var widest = clouds.MaxBy(cloud => Dimension(cloud));
        var text = clouds.Length == 1
            ? $"{Name(widest)} has a TwoNN dimension of {NumberText.Of(Dimension(widest))} in {NumberText.Of(Number(widest, "dimension"))} coordinates"
            : $"Over {clouds.Length} clouds the TwoNN dimension is largest at {Name(widest)} ({NumberText.Of(Dimension(widest))} of {NumberText.Of(Number(widest, "dimension"))} coordinates)"
                + $" and smallest at {Name(clouds.MinBy(cloud => Dimension(cloud)))} ({NumberText.Of(clouds.Min(cloud => Dimension(cloud)))})";
        if (new ResultReader(widest).Number("matchedGaussian", "twoNearest") is { } gaussian)
        {
            text += $"; a Gaussian of the same covariance has {NumberText.Of(gaussian)} there";
        }

        yield return new Finding(
            text + ".",
            "Neighbour dimensions above about 10 are lower bounds: compare layers with each other. Where the Gaussian of the same covariance has the same number, the spectrum alone explains it.");

        var anisotropic = clouds.Where(cloud => Measure(cloud, "averageCosine") is not null).ToArray();
        if (anisotropic.Length > 0)
        {
            var narrowest = anisotropic.MaxBy(cloud => Measure(cloud, "averageCosine"));
            yield return new Finding(
                $"The largest average cosine is {NumberText.Of(Measure(narrowest, "averageCosine"))}, at {Name(narrowest)}; its largest principal axis holds {NumberText.Of(Measure(narrowest, "spectralAnisotropy"))} of the centred variance.",
                "A shared mean direction raises the average cosine and leaves the centred measures alone: read both.");
        }
    }

    /// <summary>The dimension of an objective.</summary>
    public static IEnumerable<Finding> OfObjective(ResultReader result)
    {
        if (result.Number("parameters") is not { } parameters)
        {
            yield break;
        }

        string Enough(string key) => result.Number(key) is { } dimension ? $"{NumberText.Of(dimension)} dimensions" : "more dimensions than were tried";
        yield return new Finding(
            $"Of {NumberText.Of(parameters)} parameters, a random subspace of {Enough("trainingDimension")} reaches {NumberText.Of(result.Number("share"))} of full training's accuracy on the training examples,"
                + $" and one of {Enough("heldOutDimension")} on held-out ones.",
            "The number belongs to the objective with its optimiser, initial weights and steps, and is only as exact as the dimensions tried lie close together.");
    }

    private static double? Dimension(JsonElement cloud) => Measure(cloud, "twoNearest");

    private static double? Measure(JsonElement cloud, string key) => new ResultReader(cloud).Number("measures", key);

    private static double? Number(JsonElement cloud, string key) => new ResultReader(cloud).Number(key);

    private static string Name(JsonElement cloud) => new ResultReader(cloud).Text("name") ?? "the cloud";
}
