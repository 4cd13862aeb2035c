using Interp.Analysis;
using Interp.Analysis.Capacity;
using Interp.Analysis.Circles.Fourier;
using Interp.Models;

namespace Interp.Workbench.Analyze;

/// <summary>The stages of the whole line, in their order: a stage finds the runs of those before it finished.</summary>
internal static class LineStages
{
    /// <summary>The stages for a model.</summary>
    public static IReadOnlyList<LineStage> For(LanguageModel model, AnalyzeOptions options)
    {
        var stages = new List<LineStage>();
        if (model.Task is { Kind: ModelTask.ModularAddition })
        {
            stages.Add(new LineStage("circles-fourier", 10, new FourierOptions { Seed = options.Seed }, SourceKinds.Model));
        }

        stages.Add(new LineStage("capacity", 1, new CapacityOptions { Seed = options.Seed }, SourceKinds.Model));
        return stages;
    }
}
