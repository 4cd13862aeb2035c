using System.Diagnostics;
using System.Globalization;
using Interp.Compute;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Checkpoints;

/// <summary>
/// Damaged and hostile checkpoints at random: each is an error in one line or a model that loads, never a crash, a hang or absurd
/// memory. INTERP_MUTATIONS sets how many are tried.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private const int UsualCount = 500;

    /// <summary>What one load may allocate beyond what a whole checkpoint of this size needs.</summary>
    private const long MemoryBound = 256L << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_mutated_checkpoint_is_refused_in_one_line_or_loads()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("INTERP_MUTATIONS"), CultureInfo.InvariantCulture, out var asked) ? asked : UsualCount;
        var sources = new[] { "gpt2", "llama" }.Select(family => new CheckpointMutator(TinyModels.Folder(family))).ToArray();
        using var ids = TinyModels.Ids([1, 2, 3]);
        var (loaded, refused) = (0, 0);
        for (var seed = 0; seed < count; seed++)
        {
            var path = Path.Combine(_folder.Path, "m");
            var what = sources[seed % sources.Length].Write(path, seed);
            var before = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            try
            {
                using var model = LanguageModel.Load(path);
                using var result = model.Run(ids);
                loaded++;
            }
            catch (InterpException e)
            {
                refused++;
                Assert.False(e.Message.Contains('\n', StringComparison.Ordinal), $"seed {seed} ({what}): more than a line: {e.Message}");
                Assert.True(e.Message.Length < 4000, $"seed {seed} ({what}): a line of {e.Message.Length} characters");
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed} ({what}): {e.GetType().Name}: {e.Message}");
            }

            Assert.True(GC.GetTotalAllocatedBytes() - before < MemoryBound, $"seed {seed} ({what}) allocated {GC.GetTotalAllocatedBytes() - before:N0} bytes");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"seed {seed} ({what}) hung");
            Directory.Delete(path, recursive: true);
        }

        // Both ends are reached, or the mutations test nothing.
        Assert.True(refused > count / 4, $"only {refused} of {count} were refused");
        Assert.True(loaded > count / 100, $"only {loaded} of {count} loaded");
    }
}
