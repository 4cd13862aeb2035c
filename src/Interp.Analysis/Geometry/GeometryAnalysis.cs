using Interp.Compute;

namespace Interp.Analysis.Geometry;

/// <summary>
/// How spread, how flat and of how many dimensions clouds of vectors are: the activations of a text at every layer, or the rows of a
/// tensor. Formulas and sources are in the folder's README.
/// </summary>
public static class GeometryAnalysis
{
    /// <summary>The catalogue's line.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<GeometryInput, GeometryOptions, GeometryResult>(
        "geometry",
        "Geometry by layer",
        "Anisotropy, ranks, entropies and intrinsic dimensions of a model's activations at every layer, or of a tensor's rows.",
        SourceKinds.Model | SourceKinds.Tensor | SourceKinds.Text,
        GeometryInput.Open,
        Run,
        GeometryFigures.Draw);

    /// <summary>Measures. Spectra cost n·d², neighbours n²·d, the diffusion entropy the cube of its rows.</summary>
    /// <param name="input">The clouds.</param>
    /// <param name="options">How they are measured.</param>
    /// <param name="progress">Receives the clouds done.</param>
    /// <param name="cancellation">Stops between measures.</param>
    /// <exception cref="InterpException">A cloud has fewer than two rows or numbers that are not finite, or the model and text do not fit.</exception>
    public static GeometryResult Run(GeometryInput input, GeometryOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var meter = new CloudMeter(options, cancellation);
        var measured = new List<CloudGeometry>();
        foreach (var set in input.Sets)
        {
            cancellation.ThrowIfCancellationRequested();
            var clouds = set.Open();
            try
            {
                foreach (var cloud in clouds)
                {
                    measured.Add(meter.Measure(cloud, set.Step));
                    progress?.Report(new StepProgress("measure clouds", measured.Count, clouds.Count * input.Sets.Count, "clouds"));
                }
            }
            finally
            {
                foreach (var cloud in clouds)
                {
                    cloud.Dispose();
                }
            }
        }

        return new GeometryResult { Source = input.Name, UnitRows = options.UnitRows, Clouds = measured, Warnings = [.. Warnings(measured, options)] };
    }

    private static IEnumerable<string> Warnings(List<CloudGeometry> clouds, GeometryOptions options)
    {
        if (clouds.Any(cloud => cloud.Duplicates > 0))
        {
            yield return "neighbour measures leave out rows equal to earlier ones; the option distinct-tokens keeps each token once everywhere";
        }

        if (clouds.Any(cloud => cloud.Rows < options.MomentNeighbours + 1))
        {
            yield return $"some clouds have fewer than {options.MomentNeighbours + 1} rows: the method of moments takes all of their neighbours";
        }
    }
}
