using System.Diagnostics;
using System.Globalization;
using Interp.Compute;
using Interp.Models.Tokenization;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Checkpoints;

/// <summary>
/// Damaged and hostile checkpoints at random: each is an error in one line or a model that loads, never a crash, a hang or absurd
/// memory. INTERP_MUTATIONS sets how many are tried: <c>INTERP_MUTATIONS=10000 dotnet run --project tests/Interp.Models.Tests -- --filter-class "*MutationTests"</c>.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private const int UsualCount = 500;

    /// <summary>What one load may allocate beyond what a whole checkpoint of this size needs.</summary>
    private const long MemoryBound = 256L << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What the process may have held at its largest, native memory included.</summary>
    private const long PeakBound = 4L << 30;

    [Fact]
    public void Every_mutated_checkpoint_is_refused_in_one_line_or_loads()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("INTERP_MUTATIONS"), CultureInfo.InvariantCulture, out var asked) ? asked : UsualCount;
        var (loaded, refused) = (0, 0);
        foreach (var (what, load) in Mutants(count))
        {
            var before = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            try
            {
                load();
                loaded++;
            }
            catch (InterpException e)
            {
                refused++;
                Assert.False(e.Message.Contains('\n', StringComparison.Ordinal), $"{what}: more than a line: {e.Message}");
                Assert.True(e.Message.Length < 4000, $"{what}: a line of {e.Message.Length} characters");
            }
            catch (Exception e)
            {
                Assert.Fail($"{what}: {e.GetType().Name}: {e.Message}");
            }

            Assert.True(GC.GetTotalAllocatedBytes() - before < MemoryBound, $"{what} allocated {GC.GetTotalAllocatedBytes() - before:N0} bytes");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{what} hung");
        }

        // Both ends are reached, or the mutations test nothing.
        Assert.True(refused > count / 4, $"only {refused} of {count} were refused");
        Assert.True(loaded > count / 100, $"only {loaded} of {count} loaded");
        using var process = Process.GetCurrentProcess();
        Assert.True(process.PeakWorkingSet64 < PeakBound, $"the process held {process.PeakWorkingSet64:N0} bytes");
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} mutants: {refused} refused in one line, {loaded} loaded; peak {process.PeakWorkingSet64 >> 20} MiB");
    }

    /// <summary>Checkpoints, of ten adapters two and tokenizers one; each is deleted after its try.</summary>
    private IEnumerable<(string What, Action Load)> Mutants(int count)
    {
        var sources = new[] { "gpt2", "llama" }.Select(family => new CheckpointMutator(TinyModels.Folder(family))).ToArray();
        string[] tokenizers = [.. new[] { "byte-level", "unigram", "prefix-space" }.Select(name => Path.Combine(Tokenization.GoldenFile.Folder, name))];
        using var ids = TinyModels.Ids([1, 2, 3]);
        for (var seed = 0; seed < count; seed++)
        {
            var path = Path.Combine(_folder.Path, "m");
            var family = seed % 2 == 0 ? "gpt2" : "llama";
            switch (seed % 10)
            {
                case 3 or 6:
                    yield return ($"seed {seed} ({CheckpointMutator.WriteFolder(TinyModels.Folder($"{family}-lora"), path, seed)})", () => Run(TinyModels.Folder(family), path, ids));
                    break;
                case 9:
                    yield return ($"seed {seed} ({CheckpointMutator.WriteFolder(tokenizers[seed / 10 % 3], path, seed)})", () => Tokenizer.Load(path).Encode("a circle, \u65E5\u672C <s>"));
                    break;
                default:
                    yield return ($"seed {seed} ({sources[seed % 2].Write(path, seed)})", () => Run(path, null, ids));
                    break;
            }

            Directory.Delete(path, recursive: true);
        }
    }

    private static void Run(string folder, string? adapter, Tensor ids)
    {
        using var model = LanguageModel.Load(folder, new ModelLoadOptions { Adapter = adapter });
        using var result = model.Run(ids);
    }
}
