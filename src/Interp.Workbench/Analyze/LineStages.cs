using Interp.Analysis;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Training;
using Interp.Analysis.Capacity;
using Interp.Analysis.Circles.Find;
using Interp.Analysis.Circles.Fourier;
using Interp.Analysis.Circles.Planes;
using Interp.Analysis.Entanglement.Attention;
using Interp.Analysis.Entanglement.Internal;
using Interp.Models;

namespace Interp.Workbench.Analyze;

/// <summary>The stages of the whole line, in their order: a stage finds the runs of those before it finished.</summary>
internal static class LineStages
{
    // Enough random sets for their 95th percentile to mean something where clusters are few.
    private const int ControlDraws = 5;

    // Each head of each prompt is decomposed at every length, which soon takes longer than all the rest.
    private const int AttentionLength = 64;
    private const int AttentionPrompts = 8;

    // Of a text model only the matrices that attention compares and moves with: embeddings have very many rows, MLPs are wide.
    private static readonly string[] s_attentionMatrices = ["blocks.*.attn.W_Q", "blocks.*.attn.W_K", "blocks.*.attn.W_V", "blocks.*.attn.W_O"];

    /// <summary>The stages for a model.</summary>
    public static IReadOnlyList<LineStage> For(LanguageModel model, AnalyzeOptions options)
    {
        var seed = options.Seed;
        var addsModulo = model.Task is { Kind: ModelTask.ModularAddition };
        var text = options.TextFile is null ? SourceKinds.None : SourceKinds.Text;
        List<LineStage> stages =
        [
            new("capture", 1, Capture(options), SourceKinds.Model | text),
            new("atoms", 10, new AtomsOptions { Seed = [seed], StreamSeed = seed, Resume = true }, SourceKinds.Activations),
            new(
                "atoms-eval",
                4,
                new AtomsEvalOptions { Seed = seed },
                SourceKinds.Dictionary | SourceKinds.Activations | SourceKinds.Model | text),
            new("circles-find", 8, new FindOptions { Seed = seed, ControlDraws = ControlDraws }, SourceKinds.Dictionary | SourceKinds.Activations),
        ];
        if (addsModulo)
        {
            stages.Add(new LineStage("circles-planes", 4, new PlanesOptions { Seed = seed }, SourceKinds.Model));
            stages.Add(new LineStage("circles-fourier", 4, new FourierOptions { Seed = seed }, SourceKinds.Model));
        }

        stages.Add(new LineStage("capacity", 1, new CapacityOptions { Seed = seed }, SourceKinds.Model));
        stages.Add(new LineStage(
            "entanglement-internal", 8, new EntanglementInternalOptions { Seed = seed, Matrices = addsModulo ? [] : s_attentionMatrices }, SourceKinds.Model));
        stages.Add(new LineStage(
            "entanglement-attention",
            2,
            new EntanglementAttentionOptions { Seed = seed, Length = AttentionLength, Prompts = AttentionPrompts },
            SourceKinds.Model | text));
        return stages;
    }

    private static CaptureOptions Capture(AnalyzeOptions options) => new()
    {
        Hooks = options.Hook is { } hook ? [hook] : [],
        Tokens = options.Tokens,
        Context = options.Context,
        Seed = options.Seed,
        Resume = true,
    };
}
