using Interp.Compute;
using Interp.Models.Generation;
using Interp.Models.Hooks;
using Interp.Models.Tests.Families;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;
using Generator = Interp.Models.Generation.Generator;

namespace Interp.Models.Tests.Generation;

/// <summary>Runs that go on from cached keys and values against runs on everything.</summary>
public sealed class KeyValueCacheTests
{
    /// <summary>Float64 rounding.</summary>
    private const double Tolerance = 1e-9;

    public static TheoryData<string> Families => FamilyParityTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Going_on_in_pieces_gives_the_logits_of_one_run(string family)
    {
        var folder = SharedFiles.Require("models", "tiny", family);
        using var model = LanguageModel.Load(folder, new ModelLoadOptions { Dtype = ScalarType.Float64 });
        using var scope = NewDisposeScope();
        AssertPieces(model, TinyModels.Read(folder, "reference.safetensors", "input_ids"));
    }

    [Theory]
    [InlineData(PositionKind.Learned, null)]
    [InlineData(PositionKind.Rotary, 3)]
    [InlineData(PositionKind.Alibi, null)]
    [InlineData(PositionKind.Shortformer, null)]
    public void So_it_is_for_every_kind_of_position(PositionKind kind, int? window)
    {
        var config = TinyModels.Toy with
        {
            Positions = kind,
            Rotary = kind == PositionKind.Rotary ? new RotarySettings { Dimensions = 4 } : null,
            Window = window,
            AttentionSoftcap = window is null ? null : 5,
            KeyValueHeadCount = 1,
        };
        using var model = TinyModels.Random(config, dtype: ScalarType.Float64);
        using var scope = NewDisposeScope();
        AssertPieces(model, TinyModels.Ids([1, 2, 3, 4, 5, 6, 7], [9, 0, 7, 7, 2, 1, 1]));
    }

    [Fact]
    public void Generated_tokens_are_those_of_whole_runs_also_where_the_rotation_changes_with_the_length()
    {
        foreach (var scaling in new[] { RotaryScaling.None, RotaryScaling.Dynamic, RotaryScaling.LongRope })
        {
            var rotary = new RotarySettings { Dimensions = 4, Scaling = scaling, Factor = 3, OriginalContextLength = 6, ShortFactors = [1, 1.5], LongFactors = [2, 4] };
            using var model = TinyModels.Random(TinyModels.Toy with { Positions = PositionKind.Rotary, Rotary = rotary, ContextLength = 40, OutputVocabularySize = 11 }, dtype: ScalarType.Float64);
            List<int> ids = [3, 1, 4];
            var made = new Generator(model).Generate(ids, new GenerationOptions { MaxNewTokens = 20 }).Select(token => token.Id).ToList();
            for (var step = 0; step < 20; step++)
            {
                using var scope = NewDisposeScope();
                using var run = model.Run(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0), new RunOptions { ReturnLogits = LogitPositions.Last });
                ids.Add((int)run.Logits!.argmax(-1).ToInt64());
            }

            Assert.Equal(ids[3..], made);
        }
    }

    [Fact]
    public void Hooks_see_new_positions_and_what_they_make_of_values_is_kept()
    {
        using var model = TinyModels.Random(TinyModels.Toy);
        using var cache = new KeyValueCache();
        using var scope = NewDisposeScope();
        var (ids, places) = (TinyModels.Ids([1, 2, 3, 4, 5]), new List<(int Position, long Length)>());
        HookHandler edit = new("blocks.0.attn.hook_v", (value, context) =>
        {
            places.Add((context.Position, value.shape[1]));
            return context.Position == 0 ? value * 2 : null;
        });
        model.Run(ids.narrow(1, 0, 3), new RunOptions { Hooks = [edit], Past = cache }).Dispose();
        using var second = model.Run(ids.narrow(1, 3, 2), new RunOptions { Hooks = [edit], Past = cache, Capture = HookFilter.Names("pattern0") });
        Assert.Equal([(0, 3L), (3, 2L)], places);
        Assert.Equal([1L, 3, 2, 5], second.Cache["pattern0"].shape);

        HookHandler whole = new("blocks.0.attn.hook_v", (value, _) => cat([value.narrow(1, 0, 3) * 2, value.narrow(1, 3, 2)], 1));
        using var expected = model.Run(ids, new RunOptions { Hooks = [whole] });
        Assert.InRange(TinyModels.Difference(second.Logits!, expected.Logits!.narrow(1, 3, 2)) / TinyModels.Scale(expected.Logits!), 0, 1e-5);
    }

    [Fact]
    public void What_a_cache_cannot_serve_is_refused_and_nothing_is_left_behind()
    {
        using var model = TinyModels.Random(TinyModels.Toy);
        using var cache = new KeyValueCache();
        using var scope = NewDisposeScope();
        var ids = TinyModels.Ids([1, 2, 3, 4, 5]);
        model.Run(ids, new RunOptions { Past = cache }).Dispose();
        Assert.Throws<InterpException>(() => model.Run(ids.narrow(1, 0, 1), new RunOptions { Past = cache, StopAtLayer = 1 }));
        Assert.Contains("takes at most 8", Assert.Throws<InterpException>(() => model.Run(ids, new RunOptions { Past = cache })).Message, StringComparison.Ordinal);
        Assert.Throws<InterpException>(() => model.Run(TinyModels.Ids([1], [2]), new RunOptions { Past = cache }));
        LiveTensors.AssertNoGrowth(() =>
        {
            using var inner = NewDisposeScope();
            using var own = new KeyValueCache();
            model.Run(ids, new RunOptions { Past = own }).Dispose();
            model.Run(ids.narrow(1, 0, 1), new RunOptions { Past = own }).Dispose();
        });
    }

    private static void AssertPieces(LanguageModel model, Tensor ids)
    {
        using var whole = model.Run(ids);
        using var cache = new KeyValueCache();
        var size = (1e-30 + whole.Logits!.abs().max().ToDouble()) * Tolerance;
        long[] pieces = [2, 1, 1, .. Enumerable.Repeat(2L, 100)];
        var at = 0L;
        foreach (var piece in pieces.TakeWhile(_ => at < ids.shape[1]))
        {
            var count = Math.Min(piece, ids.shape[1] - at);
            using var run = model.Run(ids.narrow(1, at, count), new RunOptions { Past = cache });
            Assert.InRange(TinyModels.Difference(run.Logits!, whole.Logits!.narrow(1, at, count)), 0, size);
            at += count;
            Assert.Equal(at, cache.Length);
        }
    }
}
