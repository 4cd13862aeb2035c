using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Probing;
using Interp.Analysis.Atoms.Recovery;
using Interp.Analysis.Atoms.Stability;
using Interp.Analysis.Atoms.Training;
using Interp.Analysis.Capacity;
using Interp.Analysis.Capacity.Packing;
using Interp.Analysis.Circles.Find;
using Interp.Analysis.Circles.Fourier;
using Interp.Analysis.Circles.Grokking;
using Interp.Analysis.Circles.Helix;
using Interp.Analysis.Circles.Homology;
using Interp.Analysis.Circles.Indices;
using Interp.Analysis.Circles.Irreps;
using Interp.Analysis.Circles.Planes;
using Interp.Analysis.Circles.Probe;
using Interp.Analysis.Circles.Regression;
using Interp.Analysis.Entanglement.Attention;
using Interp.Analysis.Entanglement.Internal;
using Interp.Analysis.Entanglement.NoHair;
using Interp.Analysis.Geometry;
using Interp.Analysis.Geometry.Objective;
using Interp.Analysis.Lenses.Heads;
using Interp.Analysis.Lenses.Tuned;
using Interp.Analysis.Memories;
using Interp.Analysis.Memories.Scaling;

namespace Interp.Analysis;

/// <summary>All analyses. Adding one means adding a folder and a line here.</summary>
public static class AnalysisCatalogue
{
    /// <summary>The analyses, in the order in which pages list them.</summary>
    public static IReadOnlyList<AnalysisEntry> All { get; } =
    [
        CaptureAnalysis.Entry,
        HeadsAnalysis.Entry,
        TunedLensAnalysis.Entry,
        AtomsAnalysis.Entry,
        AtomsEvalAnalysis.Entry,
        ProbingAnalysis.Entry,
        StabilityAnalysis.Entry,
        RecoveryAnalysis.Entry,
        FourierAnalysis.Entry,
        GrokkingAnalysis.Entry,
        IrrepsAnalysis.Entry,
        IndicesAnalysis.Entry,
        PlanesAnalysis.Entry,
        FindAnalysis.Entry,
        RegressionAnalysis.Entry,
        HomologyAnalysis.Entry,
        HelixAnalysis.Entry,
        ProbeAnalysis.Entry,
        CapacityAnalysis.Entry,
        PackingAnalysis.Entry,
        GeometryAnalysis.Entry,
        ObjectiveAnalysis.Entry,
        MemoriesAnalysis.Entry,
        ScalingAnalysis.Entry,
        EntanglementInternalAnalysis.Entry,
        EntanglementAttentionAnalysis.Entry,
        NoHairAnalysis.Entry,
    ];

    /// <summary>The analysis with a name.</summary>
    /// <exception cref="Compute.InterpException">There is none; the message lists them.</exception>
    public static AnalysisEntry Find(string name) =>
        All.FirstOrDefault(entry => entry.Name == name)
        ?? throw new Compute.InterpException($"there is no analysis {name}: choose one of {string.Join(", ", All.Select(entry => entry.Name))}");
}
