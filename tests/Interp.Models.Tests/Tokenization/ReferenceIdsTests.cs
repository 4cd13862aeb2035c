using System.Collections.Concurrent;
using System.Text.Json;
using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Real tokenizers against ids made by the reference implementations (huggingface/tokenizers, google/sentencepiece).</summary>
public sealed class ReferenceIdsTests
{
    private static readonly ConcurrentDictionary<(string Folder, string File), Lazy<Tokenizer>> s_loaded = new();

    /// <summary>The reference's name, the folder, and the file read there.</summary>
    public static TheoryData<string, string, string> Tokenizers => new()
    {
        { "gpt2", "gpt2", "tokenizer.json" },
        { "gpt2", "gpt2", "vocab.json" },
        { "gpt-neox-20b", "gpt-neox-20b", "tokenizer.json" },
        { "phi-2", "phi-2", "tokenizer.json" },
        { "qwen3", "qwen3", "tokenizer.json" },
        { "llama2/tokenizer.model", "llama2", "tokenizer.model" },
        { "t5-small", "t5-small", "tokenizer.json" },
    };

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Every_reference_text_gives_the_reference_ids(string reference, string folder, string file)
    {
        var tokenizer = Load(folder, file);
        foreach (var (text, ids) in Texts(reference))
        {
            Assert.Equal(ids, tokenizer.Encode(text, SpecialTokens.None));
        }
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Offsets_go_through_the_text_in_order_and_stay_inside(string reference, string folder, string file)
    {
        var tokenizer = Load(folder, file);
        foreach (var (text, _) in Texts(reference))
        {
            var last = 0;
            foreach (var span in tokenizer.EncodeWithOffsets(text, SpecialTokens.None))
            {
                Assert.InRange(span.Start, last, text.Length);
                Assert.InRange(span.End, span.Start, text.Length);
                last = span.Start;
            }
        }
    }

    [Fact]
    public void Babyllama_105_reads_its_text_with_the_begin_token_first()
    {
        var folder = SharedFiles.Require("models", "trained", "babyllama-105");
        using var tokens = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tokens.json")));
        var ids = tokens.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
        Assert.Equal(ids, Tokenizer.Load(folder).Encode(tokens.RootElement.GetProperty("text").GetString()!));
    }

    [Fact]
    public void Trained_models_have_the_tokenizers_of_their_folders()
    {
        var folder = SharedFiles.Require("models", "trained");
        Assert.Null(Tokenizer.TryLoad(Path.Combine(folder, "gpt-nano-sort")));
        var stories = Tokenizer.Load(Path.Combine(folder, "stories260K"));
        Assert.True(stories.AddsBegin);
        Assert.Equal((1, 2, 512), (stories.BeginId, stories.EndId, stories.Count));
    }

    /// <summary>A real tokenizer from one of its files; read once for all tests.</summary>
    internal static Tokenizer Load(string folder, string file)
    {
        var source = SharedFiles.Require("tokenizers", folder);
        return s_loaded.GetOrAdd((folder, file), _ => new Lazy<Tokenizer>(() => LoadFile(source, file))).Value;
    }

    private static Tokenizer LoadFile(string source, string file)
    {
        using var copy = new TemporaryFolder();
        string[] files = file == "vocab.json" ? [file, "merges.txt"] : [file];
        foreach (var name in files)
        {
            File.Copy(Path.Combine(source, name), Path.Combine(copy.Path, name));
        }

        return Tokenizer.Load(copy.Path);
    }

    internal static IEnumerable<(string Text, int[] Ids)> Texts(string reference)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("tokenizers", "reference-ids.json")));
        var texts = document.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
        var ids = document.RootElement.GetProperty("ids").GetProperty(reference).EnumerateArray()
            .Select(list => list.EnumerateArray().Select(id => id.GetInt32()).ToArray()).ToArray();
        return texts.Zip(ids);
    }
}
