using System.Text.Json;
using Interp.Analysis.Activations;
using Interp.Analysis.Atoms;
using Interp.Analysis.Circles.Find;
using Interp.Compute;
using Interp.Models;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Find;

public sealed class FindSourcesTests : IDisposable
{
    private const string Hook = "blocks.0.hook_resid_post";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interp-find-");

    [Fact]
    public void Folders_give_the_same_result_as_the_tensors_in_them()
    {
        using var made = new MadeDictionary(600);
        var sources = Write(made, Hook);
        var options = new FindOptions { Directions = 30, Cutoff = 0.8, ControlDraws = 2 };
        using var outcome = AnalysisCatalogue.Find("circles-find").Run(sources, options);
        using var padded = nn.functional.pad(made.Decoder, [0, MadeDictionary.Width - MadeDictionary.Dimension]);
        var direct = FindAnalysis.Run(made.Input with { Decoder = padded }, options);
        Assert.Equal(JsonSerializer.Serialize(direct, ResultJson.Options), JsonSerializer.Serialize(outcome.Result, typeof(FindResult), ResultJson.Options));
        Assert.NotEmpty(outcome.Figures);
    }

    [Fact]
    public void A_dictionary_of_another_hook_takes_the_only_one_there_is()
    {
        using var made = new MadeDictionary(50);
        using var opened = FindSources.Open(Write(made, "blocks.1.hook_resid_post"), new FindOptions());
        Assert.Equal(50, opened.Input.Rows);
    }

    [Fact]
    public void Activations_of_another_width_are_refused_and_nothing_stays_alive()
    {
        using var made = new MadeDictionary(50);
        var sources = Write(made, Hook) with { Activations = Path.Combine(_folder.FullName, "narrow") };
        using var rows = ones(4, 3);
        WriteRows(sources.Activations!, 3, rows, Hook);
        LiveTensors.AssertNoGrowth(() =>
            Assert.Contains("width 40", Assert.Throws<InterpException>(() => FindSources.Open(sources, new FindOptions())).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Opening_and_closing_leaves_nothing_alive()
    {
        using var made = new MadeDictionary(50);
        var sources = Write(made, Hook);
        LiveTensors.AssertNoGrowth(() =>
        {
            using var opened = FindSources.Open(sources, new FindOptions());
            using var codes = opened.Input.Codes(0, 5);
        });
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A dictionary whose encoder is the identity, so that the stored rows are the codes.</summary>
    private AnalysisSources Write(MadeDictionary made, string hook)
    {
        var (dictionaryFolder, activationFolder) = (Path.Combine(_folder.FullName, "sae"), Path.Combine(_folder.FullName, "rows"));
        const int Width = MadeDictionary.Width;
        using (var dictionary = SparseAutoencoder.Create(
            new DictionaryInfo { HookName = hook }, eye(Width), zeros(Width), nn.functional.pad(made.Decoder, [0, Width - MadeDictionary.Dimension]), zeros(Width), zeros(Width)))
        {
            dictionary.Save(dictionaryFolder);
        }

        WriteRows(activationFolder, Width, made.CodeRows, Hook, made.Input);
        return new AnalysisSources { Dictionary = dictionaryFolder, Activations = activationFolder, OutputFolder = _folder.FullName };
    }

    private static void WriteRows(string folder, int width, Tensor rows, string hook, FindInput? input = null)
    {
        var count = (int)rows.shape[0];
        var origin = new ActivationOrigin { Kind = ModelTask.ModularAddition, Modulus = MadeDictionary.Modulus };
        using var writer = ActivationWriter.Create(folder, [new ActivationHook(hook, width)], origin);
        writer.Add([rows], input?.TokenIds!(0, count) ?? new int[count], input?.Documents!(0, count) ?? new int[count], new int[count]);
        writer.Complete();
    }
}
