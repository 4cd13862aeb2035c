namespace Interp.Cli.Tests.Verbs;

/// <summary>Four processes' worth of parts, put together on the command line, against one process.</summary>
public sealed class MergeVerbTests : IDisposable
{
    private static readonly string[] s_capture = ["capture", "clock-59", "--positions", "all", "--shard-size", "1"];
    private static readonly string[] s_grid = ["--width", "16,24", "--target-l0", "3", "--seed", "1,2", "--steps", "30", "--batch-size", "64"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Captures_and_grids_merged_from_four_parts_equal_the_single_runs()
    {
        Done([.. s_capture, "--out", _folder["whole"]]);
        ForEachPart(part => Done([.. s_capture, "--shard", $"{part}/4", "--out", _folder[$"c{part}"]]));
        Done("merge", _folder["c3"], _folder["c1"], _folder["c4"], _folder["c2"], "--out", _folder["merged"]);
        AssertSame("whole", "merged");

        Done(["atoms", "train", "--activations", _folder["whole"], .. s_grid, "--out", _folder["grid"]]);
        ForEachPart(part => Done(["atoms", "train", "--activations", _folder["merged"], .. s_grid, "--only", $"{part}/4", "--out", _folder[$"g{part}"]]));
        Done("merge", _folder["g2"], _folder["g4"], _folder["g1"], _folder["g3"], "--out", _folder["grid-merged"]);
        AssertSame("grid", "grid-merged");
    }

    [Fact]
    public void Parts_of_different_runs_and_too_few_words_are_refused()
    {
        Done([.. s_capture, "--shard", "1/2", "--out", _folder["a"]]);
        Done([.. s_capture, "--stored-as", "bfloat16", "--shard", "2/2", "--out", _folder["b"]]);
        var (status, _, error) = InProcess.Run("merge", _folder["a"], _folder["b"], "--out", _folder["m"]);
        Assert.Equal(1, status);
        Assert.Contains("is a part of another run", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["m"]));
        (status, _, error) = InProcess.Run("merge", "clock-59", "--out", _folder["m"]);
        Assert.Equal(2, status);
        Assert.Contains("give a model and an adapter, or the run folders of all parts", error, StringComparison.Ordinal);
    }

    private static void ForEachPart(Action<int> make)
    {
        for (var part = 1; part <= 4; part++)
        {
            make(part);
        }
    }

    private void Done(params string[] words)
    {
        var (status, _, error) = InProcess.Run(words);
        Assert.True(status == 0, error);
    }

    /// <summary>Everything but run.json and log.txt, which tell when and where.</summary>
    private void AssertSame(string expected, string actual)
    {
        string[] Files(string run) => [.. Directory.EnumerateFiles(_folder[run], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder[run], file))
            .Where(file => file is not ("run.json" or "log.txt")).Order(StringComparer.Ordinal)];
        Assert.Equal(Files(expected), Files(actual));
        Assert.All(Files(expected), file => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder[expected], file)), File.ReadAllBytes(Path.Combine(_folder[actual], file))));
    }
}
