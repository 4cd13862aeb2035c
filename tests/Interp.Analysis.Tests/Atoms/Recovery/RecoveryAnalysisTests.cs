using Interp.Analysis.Atoms.Recovery;
using Interp.Compute;

namespace Interp.Analysis.Tests.Atoms.Recovery;

public sealed class RecoveryAnalysisTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Most_planted_atoms_are_found_and_supports_are_exact_wherever_the_window_is_open()
    {
        var options = new RecoveryOptions
        {
            Width = 16, Atoms = 24, Active = 2, Directions = PlantedDirections.Random, Rows = 5000, Steps = 800, BatchSize = 256,
            ActiveSweep = [1, 2, 4, 8], NoiseSweep = [0, 0.3], ActiveUnderNoise = 1,
        };
        var result = RecoveryAnalysis.Run(_folder, options);
        // At a coherence of 0.65 the nearest two atoms are not told apart: 22 of 24 are found, where training alone finds none so exactly.
        Assert.InRange(result.MatchedFraction, 0.85, 1);
        Assert.InRange(result.HeldOutExplainedVariance, 0.95, 1);
        Assert.InRange(result.HeldOutL0, 1.9, 2.1);
        Assert.All(result.ByActive.Concat(result.ByNoise).Where(point => point.IsOpen), point => Assert.Equal(1, point.ExactSupports));
        Assert.False(result.ByActive[^1].IsOpen);
        Assert.InRange(result.ByActive[^1].BestExactSupports, 0, 0.5);
        Assert.Equal(["recovery-by-active", "recovery-by-noise"], RecoveryFigures.Draw(result).Select(figure => figure.Name));
    }

    [Fact]
    public void The_unbiased_bases_have_their_coherence_and_their_window_closes_where_encoding_begins_to_fail()
    {
        var options = new RecoveryOptions { Steps = 20, Rounds = 1, Rows = 1000, ActiveSweep = [3, 4], NoiseSweep = [0.06, 0.1] };
        var result = RecoveryAnalysis.Run(_folder, options);
        Assert.Equal(0.125, result.Coherence, 1e-12);
        Assert.Equal(4, result.LargestSparsity);
        Assert.Equal([true, false, true, false], result.ByActive.Concat(result.ByNoise).Select(point => point.IsOpen));
        Assert.Equal([true, false, true, false], result.ByActive.Concat(result.ByNoise).Select(point => point.ExactSupports == 1));
    }

    [Fact]
    public void Sizes_that_have_no_such_bases_are_refused() =>
        Assert.Contains("--directions random", Assert.Throws<InterpException>(() => RecoveryAnalysis.Run(_folder, new RecoveryOptions { Width = 32 })).Message, StringComparison.Ordinal);
}
