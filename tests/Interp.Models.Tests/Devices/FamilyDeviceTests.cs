using Interp.Models.Generation;
using Interp.Models.Hooks;
using Interp.Models.Tests.Families;
using Interp.Models.Tests.Hooks;
using Interp.Tests;
using TorchSharp;
using static TorchSharp.torch;
using Generator = Interp.Models.Generation.Generator;

namespace Interp.Models.Tests.Devices;

/// <summary>Every family on a device that is not the CPU: nothing meets a tensor of the CPU, and the values are the CPU's.</summary>
public sealed class FamilyDeviceTests
{
    /// <summary>Float32 rounding of other kernels over a few layers.</summary>
    private const double Tolerance = 5e-5;

    public static TheoryData<string> Families => FamilyParityTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_hook_stays_on_the_device_and_has_the_CPUs_value(string family)
    {
        var (here, there) = Pair(family);
        using (here)
        using (there)
        {
            using var scope = NewDisposeScope();
            var ids = TinyModels.Ids([1, 2, 3, 4, 5, 6, 7], [9, 30, 7, 7, 2, 0, 8]);
            var mask = tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1 }, 2, 7);
            var points = here.HookPoints.Where(point => !HookShapes.IsSplitInput(point.Name) && point.Axes[1] != 'n').Select(point => point.Name).ToList();
            foreach (var (names, padding) in new (List<string> Names, Tensor? Mask)[]
            {
                (points, mask), ([.. here.HookPoints.Select(point => point.Name).Where(HookShapes.IsSplitInput)], null),
            })
            {
                var seen = new List<string>();
                var handlers = names.Select(name => new HookHandler(name, (value, context) =>
                {
                    Assert.Equal(there.Device.type, value.device_type);
                    Assert.Equal(there.Device.type, context.TokenIds.device_type);
                    seen.Add(name);
                    return value.alias();
                })).ToList();
                var options = new RunOptions { Capture = HookFilter.Names(names), AttentionMask = padding };
                using var expected = here.Run(ids, options);
                using var found = there.Run(ids, options with { Hooks = names == points ? handlers : [] });
                Assert.All(names, name => Assert.Equal(there.Device.type, found.Cache[name].device_type));
                AssertSame([.. names, "logits"], name => Value(expected, name), name => Value(found, name));
                Assert.Equal(names == points ? names : [], seen);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Cached_keys_and_generated_tokens_are_the_CPUs(string family)
    {
        var (here, there) = Pair(family);
        using (here)
        using (there)
        {
            using var scope = NewDisposeScope();
            var ids = TinyModels.Ids([1, 2, 3, 4, 5], [9, 30, 7, 7, 2]);
            using var expected = here.Run(ids);
            using var cache = new KeyValueCache();
            using var first = there.Run(ids.narrow(1, 0, 3), new RunOptions { Past = cache, ReturnLogits = LogitPositions.Last });
            using var rest = there.Run(ids.narrow(1, 3, 2), new RunOptions { Past = cache });
            AssertSame(["both pieces"], _ => expected.Logits!.narrow(1, 2, 3), _ => cat([first.Logits!, rest.Logits!], 1));

            var options = new GenerationOptions { MaxNewTokens = 4, Temperature = 1, TopK = 20, Seed = 3, StopIds = [] };
            Assert.Equal(
                new Generator(here).Generate([1, 2, 3], options).Select(token => token.Id), new Generator(there).Generate([1, 2, 3], options).Select(token => token.Id));
        }
    }

    /// <summary>What a backward pass meets is what the forward pass made; some families show it.</summary>
    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("bloom")]
    [InlineData("mistral")]
    [InlineData("phi")]
    [InlineData("mixtral")]
    public void Gradients_are_the_CPUs(string family)
    {
        var (here, there) = Pair(family);
        using (here)
        using (there)
        {
            using var scope = NewDisposeScope();
            using var recording = enable_grad();
            var ids = TinyModels.Ids([5, 2, 3, 4, 9]);
            var names = here.HookPoints
                .Where(point => !point.IsOptIn && point.Name != "hook_tokens" && !point.Name.EndsWith("expert_indices", StringComparison.Ordinal))
                .Select(point => point.Name).ToList();
            var options = new RunOptions { Capture = HookFilter.Names(names), RecordGradients = true };
            using var expected = here.Run(ids, options);
            using var found = there.Run(ids, options);
            expected.Backward(logits => logits.select(2, 7).sum());
            found.Backward(logits => logits.select(2, 7).sum());
            AssertSame(names, expected.Cache.Grad, found.Cache.Grad);
        }
    }

    private static (LanguageModel Here, LanguageModel There) Pair(string family)
    {
        var folder = SharedFiles.Require("models", "tiny", family);
        return (LanguageModel.Load(folder), LanguageModel.Load(folder, new ModelLoadOptions { Device = OtherDevice.Require() }));
    }

    private static Tensor Value(RunResult run, string name) => name == "logits" ? run.Logits! : run.Cache[name];

    private static void AssertSame(IReadOnlyList<string> names, Func<string, Tensor> expected, Func<string, Tensor> found)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var values = OtherDevice.Bring([.. names.Select(found)]);
        for (var i = 0; i < names.Count; i++)
        {
            var right = expected(names[i]).to(ScalarType.Float64);
            var difference = TinyModels.Difference(values[i], right) / TinyModels.Scale(right.masked_fill(right.isinf(), 0));
            Assert.True(difference <= Tolerance, $"{names[i]} differs by {difference:g3}");
        }
    }
}
