using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Families;

/// <summary>Rows of a padded batch against the same rows alone; runs that start in the middle; other element types.</summary>
public sealed class PaddingTests
{
    /// <summary>Float32 rounding of another order of sums.</summary>
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Families => FamilyParityTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void A_row_alone_equals_its_row_in_a_padded_batch(string family)
    {
        var folder = SharedFiles.Require("models", "tiny", family);
        using var model = LanguageModel.Load(folder);
        using var scope = NewDisposeScope();
        var all = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        var (length, rows) = ((int)all.shape[1], 8);
        foreach (var isLeft in new[] { true, false })
        {
            var (ids, mask) = (zeros(rows, length, dtype: ScalarType.Int64), zeros(rows, length, dtype: ScalarType.Int64));
            var places = Enumerable.Range(0, rows).Select(row => (Count: length - (row % 5), Start: isLeft ? row % 5 : 0)).ToList();
            for (var row = 0; row < rows; row++)
            {
                ids[row].narrow(0, places[row].Start, places[row].Count).copy_(all[row % all.shape[0]].narrow(0, 0, places[row].Count));
                mask[row].narrow(0, places[row].Start, places[row].Count).fill_(1);
            }

            using var batch = model.Run(ids, new RunOptions { AttentionMask = mask, Capture = HookFilter.Names("pattern0") });
            using var last = model.Run(ids, new RunOptions { AttentionMask = mask, ReturnLogits = LogitPositions.Last });
            Assert.True(batch.Cache["pattern0"].isfinite().all().ToBoolean());
            for (var row = 0; row < rows; row++)
            {
                var (count, start) = places[row];
                using var alone = model.Run(ids.narrow(0, row, 1).narrow(1, start, count));
                Assert.InRange(TinyModels.Difference(batch.Logits!.narrow(0, row, 1).narrow(1, start, count), alone.Logits!), 0, Tolerance);
                Assert.InRange(TinyModels.Difference(last.Logits!.narrow(0, row, 1), alone.Logits!.narrow(1, count - 1, 1)), 0, Tolerance);
                if (isLeft && start > 0)
                {
                    Assert.Equal(0, batch.Cache["pattern0"][row].narrow(1, 0, start).abs().max().ToDouble());
                }
            }
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Starting_in_the_middle_with_the_stream_gives_the_same_bits(string family)
    {
        var folder = TinyModels.Folder(family);
        using var model = LanguageModel.Load(folder);
        using var scope = NewDisposeScope();
        var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        var layer = model.Config.LayerCount - 1;
        using var whole = model.Run(ids, new RunOptions { Capture = HookFilter.InLayer("resid_pre", layer) });
        using var rest = model.Run(ids, new RunOptions { StartAtLayer = -1, InputResidual = whole.Cache["resid_pre", layer] });
        Assert.True(whole.Logits!.equal(rest.Logits!).all().ToBoolean());
        Assert.Throws<Compute.InterpException>(() => model.Run(ids, new RunOptions { StartAtLayer = 0 }));
        Assert.Throws<Compute.ShapeMismatchException>(() => model.Run(ids, new RunOptions { StartAtLayer = 0, InputResidual = zeros(1, 1, 1) }));
        Assert.Throws<Compute.ShapeMismatchException>(() => model.Run(ids, new RunOptions { AttentionMask = ones(1, 1) }));
    }

    /// <summary>Half precision has 11 or 8 significant bits, and errors add up over the layers; float64 shows float32's own rounding.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Every_element_type_gives_the_numbers_of_float32_to_its_precision(string family)
    {
        var folder = SharedFiles.Require("models", "tiny", family);
        using var scope = NewDisposeScope();
        var ids = TinyModels.Read(folder, "reference.safetensors", "input_ids");
        using var single = LanguageModel.Load(folder);
        using var expected = single.Run(ids);
        var size = expected.Logits!.abs().max().ToDouble();
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-5), (ScalarType.Float16, 2e-2), (ScalarType.BFloat16, 1e-1) })
        {
            using var model = LanguageModel.Load(folder, new ModelLoadOptions { Dtype = dtype });
            using var run = model.Run(ids);
            Assert.Equal(dtype, run.Logits!.dtype);
            Assert.InRange(Difference(run.Logits!) / size, 0, tolerance);
            using var eager = model.Run(ids, new RunOptions { Capture = HookFilter.All });
            Assert.InRange(Difference(eager.Logits!) / size, 0, tolerance);
        }

        // A router's rounding may send a token to another expert, which is no small change: there the mean counts.
        double Difference(Tensor logits) => single.Config.ExpertCount == 0
            ? TinyModels.Difference(logits, expected.Logits!)
            : (logits.to(ScalarType.Float64) - expected.Logits!.to(ScalarType.Float64)).abs().mean().ToDouble();
    }
}
