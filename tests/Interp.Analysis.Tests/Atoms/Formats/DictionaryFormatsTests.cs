using Interp.Analysis.Atoms;
using Interp.Analysis.Atoms.Formats;
using Interp.Compute;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Atoms.Formats;

public sealed class DictionaryFormatsTests : IDisposable
{
    /// <summary>Float32 rounding of sums of a few hundred products.</summary>
    private const double Tolerance = 1e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(SavedDictionaries.Kept), MemberType = typeof(SavedDictionaries))]
    public void Codes_and_reconstruction_equal_those_of_the_tool_that_saved_the_dictionary(string name) => AssertAsSaved(SavedDictionaries.Folder(name));

    [Fact]
    public void All_reference_dictionaries_are_recognised_and_give_their_tools_codes()
    {
        foreach (var folder in Directory.EnumerateDirectories(SharedFiles.Require("saes")))
        {
            AssertAsSaved(folder);
        }
    }

    [Theory]
    [InlineData("dl-MatryoshkaBatchTopKSAE", DictionaryFormat.DictionaryLearning, DictionaryArchitecture.JumpRelu)]
    [InlineData("dl-AutoEncoderTopK", DictionaryFormat.DictionaryLearning, DictionaryArchitecture.TopK)]
    [InlineData("gemmascope1", DictionaryFormat.GemmaScope, DictionaryArchitecture.JumpRelu)]
    [InlineData("saelens-skip-transcoder", DictionaryFormat.SaeLens, DictionaryArchitecture.Standard)]
    [InlineData("saelens-gated", DictionaryFormat.SaeLens, DictionaryArchitecture.Gated)]
    [InlineData("sparsify-skip", DictionaryFormat.Sparsify, DictionaryArchitecture.TopK)]
    public void The_layout_and_the_kind_show_from_the_files(string name, DictionaryFormat format, DictionaryArchitecture architecture)
    {
        using var dictionary = SparseAutoencoder.Load(SavedDictionaries.Folder(name));
        Assert.Equal((format, architecture), (dictionary.Info.Format!.Value, dictionary.Info.Architecture));
        Assert.Equal(format, DictionaryFormats.Detect(SavedDictionaries.Folder(name)));
    }

    [Theory]
    [MemberData(nameof(SavedDictionaries.Kept), MemberType = typeof(SavedDictionaries))]
    public void Every_layout_that_has_a_place_for_a_dictionary_reads_it_back_bit_for_bit(string name)
    {
        using var source = SparseAutoencoder.Load(SavedDictionaries.Folder(name));
        var written = 0;
        foreach (var format in DictionaryFormats.Writable)
        {
            string once = Path.Combine(_folder, $"{format}-1"), twice = Path.Combine(_folder, $"{format}-2");
            try
            {
                source.Save(once, format);
            }
            catch (InterpException e)
            {
                // No place for it: the line says where to.
                Assert.Matches("convert to|keep this one", e.Message);
                continue;
            }

            written++;
            using var read = SparseAutoencoder.Load(once);
            read.Save(twice, format);
            using var again = SparseAutoencoder.Load(twice);
            AssertSame(read, again);
            foreach (var file in Directory.EnumerateFiles(once).Select(path => Path.GetFileName(path)!))
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(once, file)), File.ReadAllBytes(Path.Combine(twice, file)));
            }

            if (format == source.Info.Format || (format == DictionaryFormat.SaeLens && source.Info.Architecture != DictionaryArchitecture.GroupMax))
            {
                AssertSame(source, read);
            }

            AssertSameFunction(source, read);
        }

        Assert.InRange(written, 1, DictionaryFormats.Writable.Count);
    }

    [Fact]
    public void Loading_and_encoding_leave_nothing_alive() => LiveTensors.AssertNoGrowth(() =>
    {
        using var dictionary = SparseAutoencoder.Load(SavedDictionaries.Folder("saelens-skip-transcoder"));
        using var x = RandomTensor.Normal(3, 24);
        using var encoded = DictionaryEncoding.Run(dictionary, x);
        dictionary.Save(_folder, DictionaryFormat.CircuitTracer);
        dictionary.Save(_folder);
    });

    [Fact]
    public void A_folder_of_several_names_them_and_one_of_nothing_says_what_is_missing()
    {
        foreach (var name in new[] { "a", "b" })
        {
            using var dictionary = SparseAutoencoder.Load(SavedDictionaries.Folder("saelens-topk"));
            dictionary.Save(Path.Combine(_folder, name));
        }

        Assert.Contains("several sparse autoencoders (a, b)", Assert.Throws<InterpException>(() => SparseAutoencoder.Load(_folder)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Assert.Contains("cfg.json is missing", Assert.Throws<InterpException>(() => SparseAutoencoder.Load(Path.Combine(_folder, "empty"))).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<InterpException>(() => SparseAutoencoder.Load(Path.Combine(_folder, "nowhere"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Activations_of_another_width_or_with_numbers_that_are_not_finite_are_refused()
    {
        using var scope = NewDisposeScope();
        using var dictionary = SparseAutoencoder.Load(SavedDictionaries.Folder("saelens-topk"));
        Assert.Contains("rows of 24 numbers", Assert.Throws<InterpException>(() => DictionaryEncoding.Run(dictionary, zeros(4, 23))).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<InterpException>(() => DictionaryEncoding.Run(dictionary, full(2, 24, float.NaN))).Message, StringComparison.Ordinal);
    }

    private static void AssertAsSaved(string folder)
    {
        using var scope = NewDisposeScope();
        using var dictionary = SparseAutoencoder.Load(folder);
        using var reference = SafetensorsFile.Open(Path.Combine(folder, "reference.safetensors"));
        using var encoded = DictionaryEncoding.Run(dictionary, reference.Read("input"));
        Assert.True(allclose(reference.Read("codes"), encoded.Codes, Tolerance, Tolerance), folder);
        Assert.True((reference.Read("codes") > 0).equal(encoded.Codes > 0).all().item<bool>(), folder);
        Assert.True(allclose(reference.Read("reconstruction"), encoded.Reconstruction, Tolerance, Tolerance), folder);
    }

    private static void AssertSame(SparseAutoencoder expected, SparseAutoencoder actual)
    {
        Tensor?[] Tensors(SparseAutoencoder of) =>
            [of.EncoderWeights, of.EncoderBias, of.DecoderDirections, of.DecoderBias, of.Thresholds, of.Gate?.Bias, of.Gate?.MagnitudeScale, of.SkipWeights];
        foreach (var (before, after) in Tensors(expected).Zip(Tensors(actual)))
        {
            Assert.Equal(before is null, after is null);
            Assert.True(before is null || before.equal(after!).all().item<bool>());
        }
    }

    private static void AssertSameFunction(SparseAutoencoder expected, SparseAutoencoder actual)
    {
        using var scope = NewDisposeScope();
        var x = RandomTensor.Normal(16, expected.InputWidth);
        Tensor codes = expected.Encode(x), others = actual.Encode(x);
        Assert.True((codes > 0).equal(others > 0).all().item<bool>());
        Assert.True(allclose(expected.Decode(codes, x), actual.Decode(others, x), Tolerance, Tolerance));
    }
}
