using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Analysis.Activations.Live;
using Interp.Analysis.Atoms;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Tokenization;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Activations.Live;

public sealed class ActivationStreamTests : IDisposable
{
    private const string Residual = "blocks.0.hook_resid_post";
    private static readonly ActivationStreamOptions s_small = new() { BufferRows = 2000, LastOnly = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_prompt_but_those_held_out_comes_once_an_epoch_with_the_rows_of_the_model()
    {
        using var scope = NewDisposeScope();
        using var model = Clock();
        CaptureAnalysis.Run(new CaptureInput(model, null, At("all")), new CaptureOptions());
        using var store = ActivationStore.Open(At("all"));
        var split = HeldOutSplit.Create(store, 0.2, 1);
        using var stream = ActivationStream.Open(model, null, [Residual], s_small, split.HeldOutDocuments(store));
        var count = 3 * split.Train.Length;
        var rows = stream.Read(0, count)[0];
        var all = store.ReadAll();
        var places = cdist(rows, all).argmin(1);
        Assert.InRange((rows - all.index_select(0, places)).abs().max().item<float>(), 0, 1e-4);
        var seen = new int[store.Rows];
        foreach (var place in places.data<long>().ToArray())
        {
            seen[place]++;
        }

        Assert.All(split.HeldOut, row => Assert.Equal(0, seen[row]));
        // Early slices of the first 15 blocks are not served, and blocks reach over the ends of epochs.
        var edge = 16 * stream.RowsARound;
        Assert.InRange(split.Train.Count(row => seen[row] == 3), split.Train.Length - edge, split.Train.Length);
        Assert.All(split.Train, row => Assert.InRange(seen[row], 1, 4));
        Assert.Equal(count, seen.Sum());
    }

    [Fact]
    public void A_place_gives_the_same_bytes_however_it_is_reached_and_another_seed_gives_others()
    {
        using var scope = NewDisposeScope();
        using var model = Clock();
        using var first = ActivationStream.Open(model, null, [Residual], s_small);
        var size = 100;
        byte[][] pieces = [.. Enumerable.Range(0, 60).Select(i => Bytes(first, i * size, size))];
        Assert.Equal(pieces[3], Bytes(first, 3 * size, size));
        using var again = ActivationStream.Open(model, null, [Residual], s_small);
        Assert.Equal(pieces[41], Bytes(again, 41 * size, size));
        Assert.Equal(pieces[42], Bytes(again, 42 * size, size));
        Assert.Equal([.. pieces[43], .. pieces[44]], Bytes(again, 43 * size, 2 * size));
        using var other = ActivationStream.Open(model, null, [Residual], s_small with { Seed = 2 });
        Assert.NotEqual(pieces[0], Bytes(other, 0, size));
    }

    [Fact]
    public void Neighbours_of_a_text_are_served_far_apart_and_both_hooks_of_a_row_together()
    {
        using var scope = NewDisposeScope();
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        var text = SharedFiles.Require("corpora", "tinystories_1000.json");
        CaptureAnalysis.Run(new CaptureInput(model, text, At("some")), new CaptureOptions { Hooks = ["blocks.1.hook_resid_post", "blocks.2.hook_resid_post"], Tokens = 640, Context = 33 });
        using var store = ActivationStore.Open(At("some"), "blocks.1.hook_resid_post");
        using var later = ActivationStore.Open(At("some"), "blocks.2.hook_resid_post");
        var options = new ActivationStreamOptions { BufferRows = 1 << 14, Context = 33, Seed = 5 };
        using var stream = ActivationStream.Open(model, text, ["blocks.1.hook_resid_post", "blocks.2.hook_resid_post"], options);
        // Rows of the 20 captured documents are looked for in four times the buffer.
        var found = new Dictionary<int, List<long>>();
        for (long place = 0; place < 65_536; place += 8192)
        {
            using var inner = NewDisposeScope();
            var rows = stream.Read(place, 8192);
            var (distances, places) = cdist(rows[0].to(ScalarType.Float64), store.ReadAll().to(ScalarType.Float64)).min(1);
            foreach (var hit in distances.lt(1e-3).nonzero().flatten().data<long>().ToArray())
            {
                var row = places[hit].item<long>();
                Assert.InRange((rows[1][hit] - later.Read(row, 1)[0]).abs().max().item<float>(), 0, 1e-3);
                (found.TryGetValue(store.Documents(row, 1)[0], out var list) ? list : found[store.Documents(row, 1)[0]] = []).Add(place + hit);
            }
        }

        Assert.InRange(found.Count, 2, 20);
        // Of a document's 32 rows, hardly two are neighbours in the stream.
        Assert.All(found.Values.Where(list => list.Count > 1), list => Assert.InRange(list.Order().Zip(list.Order().Skip(1), (a, b) => b - a).Average(), 32, 1e9));
        Assert.InRange(found.Values.Count(list => list.Count >= 16), (found.Count + 1) / 2, found.Count);
    }

    [Fact]
    public void A_text_with_nothing_left_and_an_unknown_hook_are_refused()
    {
        using var model = LanguageModel.Load(SharedFiles.Require("models", "trained", "stories260K"));
        File.WriteAllText(At("text.txt"), "Once upon a time there was a little dog. It liked to run.");
        var ids = Tokenizer.Load(model.Folder!).Encode(File.ReadAllText(At("text.txt")), SpecialTokens.None);
        var options = new ActivationStreamOptions { Context = ids.Length + 1 };
        int[] whole = [Tokenizer.Load(model.Folder!).BeginId!.Value, .. ids];
        var error = Assert.Throws<InterpException>(() => ActivationStream.Open(model, At("text.txt"), [Residual], options, [whole]));
        Assert.Contains("no document left", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InterpException>(() => ActivationStream.Open(model, At("text.txt"), ["blocks.9.hook_resid_post"], options));
        Assert.Contains("no hook blocks.9", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(ActivationStream stream, long first, int count)
    {
        using var rows = stream.Read(first, count)[0];
        return rows.bytes.ToArray();
    }

    private static LanguageModel Clock() => LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    private string At(string name) => Path.Combine(_folder, name);
}
