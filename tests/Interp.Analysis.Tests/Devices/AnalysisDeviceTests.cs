using System.Globalization;
using System.Text.Json;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Lenses;
using Interp.Compute.Options;
using Interp.Models;
using Interp.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Devices;

/// <summary>Every analysis of a model that lies on a device that is not the CPU: none mixes devices, and the numbers are the CPU's.</summary>
public sealed class AnalysisDeviceTests : IDisposable
{
    /// <summary>Float32 rounding of other kernels over two layers, and what statistics make of it.</summary>
    private const double Tolerance = 2e-3;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    /// <summary>Analyses with the shipped model that they run on, and options that keep them small.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "capture", "calendar", "Tokens=300 Context=24" },
        { "heads", "calendar", "Prompts=2 RepeatedTokens=8" },
        { "lens-tune", "calendar", "Steps=2 BatchTokens=48 Context=16 HeldOutBatches=1" },
        { "atoms", "clock-59", "Steps=3 BatchSize=64 Width=24 TargetL0=3 EvaluateEvery=3 CheckpointEvery=3" },
        { "atoms", "clock-59", "Steps=3 BatchSize=64 Width=24 TargetL0=3 EvaluateEvery=3 CheckpointEvery=3 Live=true BufferRows=1000" },
        { "atoms-probe", "calendar", "Task=Token Sparsities=1 LeastExamples=5" },
        { "circles-grokking", "clock-59", "Steps=2 EvaluateEvery=1" },
        { "atoms-eval", "calendar", "LossTokens=100 AngleSample=8 Rows=400" },
        { "circles-fourier", "clock-59", "NullDraws=1" },
        { "circles-planes", "clock-59", "NullDraws=1 Directions=24 Components=4" },
        { "circles-find", "calendar", "Directions=24 MinimumTokens=20 Listed=3" },
        { "circles-probe", "calendar", "Task=Weekdays Layer=1 NullDraws=0" },
        { "capacity", "calendar", "" },
        { "geometry", "calendar", "Rows=120 Context=24 Resamples=1 DiffusionRows=40 MatchedGaussian=false" },
        { "memories", "calendar", "Keys=20 Tokens=600 NullDraws=2 Permutations=19 Details=1 Projections=1" },
        { "entanglement-internal", "calendar", "Surrogates=1 Matrices=blocks.0.attn.W_Q" },
        { "entanglement-attention", "calendar", "Length=24 Prompts=2 ShortestPrefix=8" },
        { "entanglement-no-hair", "calendar", "Length=16 Prompts=2 Draws=10" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_analysis_gives_the_CPUs_numbers(string analysis, string model, string options)
    {
        var there = OtherDevice.Require();
        var activations = analysis is "atoms-eval" or "atoms-probe" or "circles-find" ? Captured() : null;
        var expected = Result(analysis, model, options, CPU, activations);
        var differences = Differences(expected, Result(analysis, model, options, there, activations), "").ToList();

        // What counts successes, orders near ties or draws as many numbers as a rank says moves in steps; so do fits to next to nothing.
        var steps = analysis is "memories" or "entanglement-no-hair" or "circles-probe" ? Count(expected) / 20 : 0;
        Assert.True(differences.Count <= steps, $"{differences.Count} of {Count(expected)} differ: {string.Join("; ", differences.Take(8))}");
    }

    [Fact]
    public void Lenses_attributions_and_patches_are_the_CPUs()
    {
        using var scope = NewDisposeScope();
        using var here = LanguageModel.Load(Checkout.PathOf("models", "calendar"));
        using var there = LanguageModel.Load(here.Folder!, new ModelLoadOptions { Device = OtherDevice.Require() });
        var (clean, corrupted) = (tensor(new long[] { 1, 5, 9, 2, 7 }, 1, 5), tensor(new long[] { 1, 5, 8, 2, 7 }, 1, 5));
        Tensor[] Values(LanguageModel model)
        {
            var answer = new AnswerDirection(3, 4);
            var parts = LogitAttribution.Compute(model, clean, answer);
            var sweep = new PatchingSweep(model, clean, corrupted, answer);
            return
            [
                LogitLens.Compute(model, clean), parts.Heads, parts.Attention, parts.Mlp, parts.Embedding,
                sweep.Patch(PatchingSite.Z), sweep.Estimate(PatchingSite.Z),
            ];
        }

        var expected = Values(here);
        foreach (var (right, found) in expected.Zip(OtherDevice.Bring(Values(there))))
        {
            Assert.InRange((right.to(ScalarType.Float64) - found).abs().max().ToDouble(), 0, Tolerance * Math.Max(1, right.abs().max().to(ScalarType.Float64).ToDouble()));
        }
    }

    private JsonElement Result(string analysis, string name, string options, Device device, string? activations)
    {
        var folder = Checkout.PathOf("models", name);
        using var model = LanguageModel.Load(folder, new ModelLoadOptions { Device = device });
        var entry = AnalysisCatalogue.Find(analysis);
        var words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        if (analysis == "entanglement-no-hair")
        {
            words["Runs"] = string.Join(',', new[] { "lora-r1", "lora-r4" }.Select(run => $"{run}={Path.Combine(folder, "adapters", run)}"));
        }

        var sources = new AnalysisSources
        {
            Model = entry.Sources.HasFlag(SourceKinds.Model) ? model : null,
            TextFile = entry.Sources.HasFlag(SourceKinds.Text) && name == "calendar" ? Path.Combine(folder, "corpus.txt") : null,
            Activations = activations,
            Dictionary = activations is null ? null : Path.Combine(folder, "dictionary"),
            Device = device,
            OutputFolder = Path.Combine(_folder, device.type == DeviceType.CPU ? "here" : "there"),
        };
        Directory.CreateDirectory(sources.OutputFolder);
        using var outcome = entry.Run(sources, OptionsSchema.Create(entry.OptionsType, words));
        return JsonSerializer.SerializeToElement(outcome.Result, entry.ResultType, ResultJson.Options);
    }

    private string Captured()
    {
        var folder = Checkout.PathOf("models", "calendar");
        using var model = LanguageModel.Load(folder);
        var store = Path.Combine(_folder, "acts");
        CaptureAnalysis.Run(
            new CaptureInput(model, Path.Combine(folder, "corpus.txt"), store),
            new CaptureOptions { Hooks = ["blocks.1.hook_resid_pre"], Tokens = 800, Context = 40 });
        return store;
    }

    private static int Count(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Sum(property => Count(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().Sum(Count),
        _ => 1,
    };

    /// <summary>Where two results differ by more than rounding.</summary>
    private static IEnumerable<string> Differences(JsonElement expected, JsonElement found, string path)
    {
        if (expected.ValueKind != found.ValueKind)
        {
            return [$"{path}: {expected} and {found}"];
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Object => expected.EnumerateObject().SelectMany(property => Differences(property.Value, found.GetProperty(property.Name), $"{path}.{property.Name}")),
            JsonValueKind.Array when expected.GetArrayLength() == found.GetArrayLength() =>
                expected.EnumerateArray().Zip(found.EnumerateArray()).SelectMany((pair, i) => Differences(pair.First, pair.Second, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))),
            JsonValueKind.Number => Math.Abs(expected.GetDouble() - found.GetDouble()) <= Tolerance * Math.Max(1, Math.Abs(expected.GetDouble())) ? [] : [$"{path}: {expected} and {found}"],
            _ => expected.ToString() == found.ToString() ? [] : [$"{path}: {expected} and {found}"],
        };
    }
}
