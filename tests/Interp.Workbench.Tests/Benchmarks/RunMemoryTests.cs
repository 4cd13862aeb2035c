using System.Globalization;
using Interp.Models;
using Interp.Models.Generation;
using Interp.Models.Hooks;
using Interp.Models.Transformer;
using Interp.Workbench.Benchmarks;
using static TorchSharp.torch;

namespace Interp.Workbench.Tests.Benchmarks;

/// <summary>What a run is planned to hold against the highest resident memory that it reaches on the CPU.</summary>
[CollectionDefinition(nameof(RunMemoryTests), DisableParallelization = true)]
[Collection(nameof(RunMemoryTests))]
public sealed class RunMemoryTests(ITestOutputHelper output)
{
    /// <summary>A plan that tells less than this of what is used would let too much through.</summary>
    private const double Least = 0.3;

    /// <summary>Megabytes that the first pages of a heap and a measurement may be off by.</summary>
    private const double Slack = 8;

    private static readonly ModelConfig s_shape = Gpt2Shape.Of(layers: 4, width: 512, heads: 8, vocabulary: 16000, context: 512);

    public static TheoryData<string> Runs => ["logits", "last", "stream", "all", "patterns", "scores", "neurons", "gradients", "cache"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_plan_is_no_more_than_what_a_run_takes_and_not_much_less(string name)
    {
        using var model = Gpt2Shape.Random(s_shape, 1);
        using var ids = ones(name == "patterns" || name == "scores" ? 4 : 8, 256, dtype: ScalarType.Int64);
        using var cache = new KeyValueCache();
        var none = new RunOptions { ReturnLogits = LogitPositions.None };
        var options = name switch
        {
            "last" => new RunOptions { ReturnLogits = LogitPositions.Last },
            "stream" => none with { Capture = HookFilter.Names("blocks.*.hook_resid_post") },
            "all" => none with { Capture = HookFilter.All },
            "patterns" => none with { Capture = HookFilter.Names("blocks.*.attn.hook_pattern") },
            "scores" => none with { Capture = HookFilter.Names("blocks.*.attn.hook_attn_scores", "blocks.*.attn.hook_pattern") },
            "neurons" => none with { Capture = HookFilter.Names("blocks.*.mlp.hook_post") },
            "gradients" => new RunOptions { RecordGradients = true },
            "cache" => new RunOptions { ReturnLogits = LogitPositions.Last, Past = cache },
            _ => new RunOptions(),
        };
        var planned = RunMemory.Of(model, ids.shape[0], ids.shape[1], options).Bytes / 1e6;
        using (model.Run(ids.narrow(0, 0, 1).narrow(1, 0, 8)))
        {
            // Threads and tables that stay are made before.
        }

        var measured = PeakMemory.Rise(() => model.Run(ids, options).Dispose());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: planned {planned:F0} MB, measured {measured:F0} MB, ratio {planned / measured:F2}"));
        Assert.InRange(planned, Least * measured - Slack, measured + Slack);
    }
}
