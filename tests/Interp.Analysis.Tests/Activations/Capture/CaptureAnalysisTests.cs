using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Activations.Capture;

public sealed class CaptureAnalysisTests : IDisposable
{
    private const int Modulus = 59;
    private const string Residual = "blocks.0.hook_resid_post";

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_task_gives_the_last_residual_of_every_prompt()
    {
        using var model = Clock();
        var result = CaptureAnalysis.Run(new CaptureInput(model, null, At("a")), new CaptureOptions());
        Assert.Equal((Modulus * Modulus, CapturedPositions.Last, "modular-addition", 3), (result.Rows, result.Positions, result.Kind, result.Context));
        using var store = ActivationStore.Open(At("a"));
        Assert.Equal((Residual, 64, 3481L, Modulus), (store.Hook, store.Width, store.Rows, store.Manifest.Origin.Modulus));
        Assert.Equal(Enumerable.Range(0, 3481), store.Documents(0, 3481));
        Assert.All(store.TokenIds(0, 3481), id => Assert.Equal(Modulus, id));
        Assert.All(store.Positions(0, 3481), position => Assert.Equal(2, position));
        Assert.Equal([7, 13, Modulus], store.Prompts[(7 * Modulus) + 13]);

        using var scope = NewDisposeScope();
        using var run = model.Run(tensor(new long[,] { { 7, 13, Modulus } }), new RunOptions { Capture = HookFilter.Names(Residual) });
        var difference = (store.Read((7 * Modulus) + 13, 1) - run.Cache[Residual].select(1, 2)).abs().max().item<float>();
        Assert.InRange(difference, 0, 1e-5);
        Assert.Equal(store.ReadAll().norm(1).mean().item<float>(), result.Hooks[0].MeanNorm, 1e-3);
        Assert.Equal(3481, result.Hooks[0].NormCounts.Sum());
    }

    [Fact]
    public void Several_hooks_and_all_positions_go_into_one_folder_and_the_bytes_are_the_same_each_time()
    {
        using var model = Clock();
        var options = new CaptureOptions { Hooks = ["z0", "blocks.0.hook_resid_mid"], Positions = CapturedPositions.All, ShardSize = 1 };
        var result = CaptureAnalysis.Run(new CaptureInput(model, null, At("a")), options);
        CaptureAnalysis.Run(new CaptureInput(model, null, At("b")), options);
        Assert.True(result.Shards > 1);
        Assert.Equal(["blocks.0.attn.hook_z", "blocks.0.hook_resid_mid"], result.Hooks.Select(hook => hook.Name));
        foreach (var file in Directory.EnumerateFiles(At("a")).Select(Path.GetFileName))
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(At("a"), file!)), File.ReadAllBytes(Path.Combine(At("b"), file!)));
        }

        using var store = ActivationStore.Open(At("a"), "blocks.0.attn.hook_z");
        Assert.Equal((3 * 3481L, 64), (store.Rows, store.Width));
        Assert.Equal([5, 6, Modulus], store.TokenIds(3 * ((5 * Modulus) + 6), 3));
        Assert.Equal([0, 1, 2, 0], store.Positions(0, 4));
    }

    [Theory]
    [InlineData("pattern0", "has no row for each token")]
    [InlineData("blocks.7.hook_resid_post", "no hook point")]
    public void Hooks_without_rows_are_refused_and_nothing_is_left(string hook, string expected)
    {
        using var model = Clock();
        var error = Assert.ThrowsAny<InterpException>(() => CaptureAnalysis.Run(new CaptureInput(model, null, At("a")), new CaptureOptions { Hooks = [hook] }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("a")));
    }

    [Fact]
    public void A_capture_that_is_cancelled_before_its_first_shard_leaves_nothing()
    {
        using var model = Clock();
        using var source = new CancellationTokenSource();
        var progress = new CancelAtOnce(source);
        Assert.Throws<OperationCanceledException>(() => CaptureAnalysis.Run(new CaptureInput(model, null, At("a")), new CaptureOptions { ShardSize = 1 }, progress, source.Token));
        Assert.Empty(Directory.Exists(At("a")) ? Directory.EnumerateFiles(At("a")) : []);
    }

    [Fact]
    public void A_capture_leaves_no_tensor_alive()
    {
        using var model = Clock();
        var count = 0;
        LiveTensors.AssertNoGrowth(() => CaptureAnalysis.Run(new CaptureInput(model, null, At($"{count++}")), new CaptureOptions()));
    }

    [Fact]
    public void A_text_becomes_documents_of_the_asked_length_behind_the_begin_token()
    {
        var folder = SharedFiles.Require("models", "trained", "stories260K");
        using var model = LanguageModel.Load(folder);
        var text = At("text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("Once upon a time there was a little dog. It liked to run.\n", 40)));
        var result = CaptureAnalysis.Run(new CaptureInput(model, text, At("a")), new CaptureOptions { Tokens = 200, Context = 17 });
        var tokenizer = Tokenizer.Load(folder);
        var ids = tokenizer.Encode(File.ReadAllText(text), SpecialTokens.None);
        using var store = ActivationStore.Open(At("a"));
        Assert.Equal((200L, 13L, 17), (store.Rows, result.Documents, result.Context));
        Assert.Equal(ids[..200], store.TokenIds(0, 200));
        Assert.Equal([1, 2, 3], store.Positions(0, 3));
        Assert.True(store.Manifest.Origin.BeginToken);
        Assert.All(store.Prompts, prompt => Assert.Equal(tokenizer.BeginId, prompt[0]));
        Assert.Equal(ids[16..32], store.Prompts[1][1..]);
        using var run = model.Run(tensor(store.Prompts[1].Select(id => (long)id).ToArray()).unsqueeze(0), new RunOptions { Capture = HookFilter.Names(store.Hook) });
        using var rows = store.Read(16, 16);
        Assert.InRange((rows - run.Cache[store.Hook][0].narrow(0, 1, 16)).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void A_model_without_task_or_tokenizer_says_what_it_needs()
    {
        using var model = Clock();
        var error = Assert.Throws<InterpException>(() => CaptureAnalysis.Run(new CaptureInput(model, At("none.txt"), At("a")), new CaptureOptions()));
        Assert.Contains("tokenizer", error.Message, StringComparison.Ordinal);
    }

    private static LanguageModel Clock() => LanguageModel.Load(Checkout.PathOf("models", "clock-59"));

    private string At(string name) => Path.Combine(_folder, name);

    private sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => source.Cancel();
    }
}
