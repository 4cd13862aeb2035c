using System.Text.Json.Nodes;
using Interp.Analysis.Atoms;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms;

/// <summary>The folders under Data were written by SAELens 6.18 from random weights, with the codes that it computes.</summary>
public sealed class SparseAutoencoderTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("saelens-jumprelu")]
    [InlineData("saelens-standard")]
    public void Codes_and_reconstruction_equal_those_of_the_tool_that_wrote_the_file(string name)
    {
        using var dictionary = SparseAutoencoder.Load(Data(name));
        using var reference = SafetensorsFile.Open(Path.Combine(Data(name), "reference.safetensors"));
        using var scope = NewDisposeScope();
        var codes = dictionary.Encode(reference.Read("input"));
        AssertClose(reference.Read("codes"), codes);
        Assert.True((reference.Read("codes") > 0).equal(codes > 0).all().item<bool>());
        AssertClose(reference.Read("reconstruction"), dictionary.Decode(codes));
        Assert.Equal((96, 24, "blocks.1.hook_resid_post", "tiny", 23), (dictionary.Width, dictionary.InputWidth, dictionary.HookName, dictionary.ModelName, dictionary.Info.ContextLength));
    }

    [Fact]
    public void The_threshold_is_strict()
    {
        using var dictionary = Small();
        using var scope = NewDisposeScope();
        Assert.Equal([1f, 0, 3], dictionary.Encode(tensor(new[] { 1f, 2 })).data<float>().ToArray());
        Assert.Equal([1f, 2, 3], dictionary.PreActivations(tensor(new[] { 1f, 2 })).data<float>().ToArray());
    }

    [Fact]
    public void Writing_what_was_read_keeps_every_tensor_and_unknown_key_and_gives_the_same_bytes_again()
    {
        var source = Path.Combine(_folder, "source");
        Directory.CreateDirectory(source);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Data("saelens-jumprelu"), "cfg.json")))!.AsObject();
        config["metadata"]!["neuronpedia_id"] = "x/1";
        File.WriteAllText(Path.Combine(source, "cfg.json"), config.ToJsonString());
        File.Copy(Path.Combine(Data("saelens-jumprelu"), "sae_weights.safetensors"), Path.Combine(source, "sae_weights.safetensors"));

        string once = Path.Combine(_folder, "once"), twice = Path.Combine(_folder, "twice");
        using (var dictionary = SparseAutoencoder.Load(source))
        {
            dictionary.Save(once);
        }

        using (var dictionary = SparseAutoencoder.Load(once))
        {
            dictionary.Save(twice);
        }

        foreach (var file in new[] { "cfg.json", "sae_weights.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(once, file)), File.ReadAllBytes(Path.Combine(twice, file)));
        }

        Assert.Equal(2, Directory.EnumerateFiles(twice).Count());
        using var before = SafetensorsFile.Open(Path.Combine(source, "sae_weights.safetensors"));
        using var after = SafetensorsFile.Open(Path.Combine(twice, "sae_weights.safetensors"));
        Assert.Equal(before.Entries.Keys.Order(), after.Entries.Keys.Order());
        foreach (var name in before.Entries.Keys)
        {
            using Tensor expected = before.Read(name), actual = after.Read(name);
            Assert.True(expected.equal(actual).all().item<bool>());
        }

        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(twice, "cfg.json")))!;
        Assert.Equal("x/1", (string?)written["metadata"]!["neuronpedia_id"]);
        Assert.Equal("6.18.0", (string?)written["metadata"]!["sae_lens_version"]);
        Assert.Equal("jumprelu", (string?)written["architecture"]);
    }

    [Fact]
    public void The_training_record_survives_the_round_trip()
    {
        using (var dictionary = Small(new TrainingRecord(7, 0.1, 3481, "abc", 0.25)))
        {
            dictionary.Save(_folder);
        }

        using var read = SparseAutoencoder.Load(_folder);
        Assert.Equal(new TrainingRecord(7, 0.1, 3481, "abc", 0.25), read.Info.Training);
    }

    [Theory]
    [InlineData("architecture", "\"temporal\"", "architecture temporal")]
    [InlineData("normalize_activations", "\"by_hand\"", "by_hand")]
    [InlineData("apply_b_dec_to_input", "3", "apply_b_dec_to_input")]
    [InlineData("d_sae", "95", "[24, 96]")]
    [InlineData("architecture", "\"standard\"", "holds threshold")]
    public void A_configuration_that_does_not_fit_is_refused_with_what_is_wrong(string key, string value, string expected)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Data("saelens-jumprelu"), "cfg.json")))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(_folder, "cfg.json"), config.ToJsonString());
        File.Copy(Path.Combine(Data("saelens-jumprelu"), "sae_weights.safetensors"), Path.Combine(_folder, "sae_weights.safetensors"));
        Assert.Contains(expected, Assert.ThrowsAny<InterpException>(() => SparseAutoencoder.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_mismatched_files_are_refused()
    {
        Assert.Contains("cfg.json is missing", Assert.Throws<InterpException>(() => SparseAutoencoder.Load(_folder)).Message, StringComparison.Ordinal);
        using (var dictionary = Small())
        {
            dictionary.Save(_folder);
        }

        File.Copy(Path.Combine(Data("saelens-jumprelu"), "sae_weights.safetensors"), Path.Combine(_folder, "sae_weights.safetensors"), overwrite: true);
        Assert.Contains("SHA-256", Assert.Throws<InterpException>(() => SparseAutoencoder.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "cfg.json"), "[");
        Assert.Contains("is no JSON", Assert.Throws<InterpException>(() => SparseAutoencoder.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_do_not_fit_each_other_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ShapeMismatchException>(() => SparseAutoencoder.Create(new(), zeros(3, 2), zeros(3), zeros(3, 2), zeros(2), zeros(3)));
        Assert.Throws<ShapeMismatchException>(() => SparseAutoencoder.Create(new(), zeros(2, 3), zeros(3), zeros(3, 2), zeros(2), zeros(2)));
        Assert.Throws<ArgumentException>(() => SparseAutoencoder.Create(new(), zeros(2, 3), zeros(3), zeros(3, 2), zeros(2)));
        using var dictionary = Small();
        Assert.Throws<ShapeMismatchException>(() => dictionary.Encode(zeros(4, 3)));
        Assert.Throws<ShapeMismatchException>(() => dictionary.Decode(zeros(4, 2)));
    }

    [Fact]
    public void Loading_encoding_and_decoding_leave_nothing_alive() => LiveTensors.AssertNoGrowth(() =>
    {
        using var dictionary = SparseAutoencoder.Load(Data("saelens-jumprelu"));
        using var x = zeros(5, 24);
        using var codes = dictionary.Encode(x);
        using var back = dictionary.Decode(codes);
    });

    /// <summary>Hand-checkable: z of (1, 2) is (1, 2, 3).</summary>
    private static SparseAutoencoder Small(TrainingRecord? training = null) => SparseAutoencoder.Create(
        new DictionaryInfo { SubtractsDecoderBias = false, HookName = "h", Training = training },
        tensor(new float[,] { { 1, 0, 1 }, { 0, 1, 1 } }),
        zeros(3),
        ones(3, 2),
        zeros(2),
        tensor(new[] { 0.5f, 2, 2.5f }));

    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, Tolerance * expected.abs().max().item<float>());
    }
}
