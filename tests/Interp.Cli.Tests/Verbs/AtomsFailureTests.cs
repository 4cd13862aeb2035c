using System.Diagnostics;
using Interp.Analysis.Activations;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Verbs;

/// <summary>What stops a training of dictionaries, tried on the real program: one clear line, and what was finished before is kept.</summary>
public sealed class AtomsFailureTests : IDisposable
{
    private const string Shard = "activations-00000.safetensors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_that_may_not_grow_end_a_training_in_one_line_and_its_states_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no limit of a process's files");
        Write(_folder["acts"], 400);
        string[] train =
        [
            "atoms", "train", "--activations", _folder["acts"], "--width", "16,4096", "--target-l0", "3", "--steps", "12", "--batch-size", "32", "--checkpoint-every", "4", "--out", _folder["sae"],
        ];
        var limited = await Limited(kilobytes: 200, train);
        Assert.Equal(1, limited.Status);
        Assert.Contains("interp: a file may not grow that large: ", limited.Error, StringComparison.Ordinal);
        Assert.Contains("ulimit -f", limited.Error, StringComparison.Ordinal);
        Assert.Empty(limited.Output);
        Assert.False(Directory.Exists(_folder["sae"]));
        var kept = Assert.Single(Directory.EnumerateFiles(_folder.Path, "training-state*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }));
        Assert.Contains("w16", kept, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }));

        var resumed = await InterpProcess.Run(_folder["workspace"], [.. train, "--resume"]);
        Assert.Equal(0, resumed.Status);
        Assert.True(File.Exists(_folder["sae", "data", "jump-relu-w4096-l3-s1", "sae_weights.safetensors"]));
    }

    [Fact]
    public void A_shard_that_is_cut_short_is_named_with_its_lengths()
    {
        Write(_folder["acts"], 200);
        Fixtures.Truncate(Path.Combine(_folder["acts"], Shard));
        AssertFailed(Train(), $"{Shard}: this shard is ");
        AssertFailed(Train(), "copy it again or capture the activations again");
    }

    [Fact]
    public void A_number_that_is_not_finite_is_named_by_its_row()
    {
        Write(_folder["acts"], 200, notFinite: 37);
        AssertFailed(Train(), "not all finite (row 37 is the first)");
    }

    [Theory]
    [InlineData("40", "32")]
    [InlineData("32", "32")]
    public void More_active_latents_than_there_are_cannot_be_asked_for(string target, string width)
    {
        Write(_folder["acts"], 200);
        AssertFailed(Train("--width", width, "--target-l0", target), $"--target-l0 {target} is not below the {width} latents");
    }

    private InterpProcess.Finished Train(params string[] more) => InProcess.Run(
        ["atoms", "train", "--activations", _folder["acts"], "--steps", "4", "--out", _folder["sae"], "--workspace", _folder["workspace"], .. more]);

    private void AssertFailed(InterpProcess.Finished finished, string part)
    {
        Assert.Equal(1, finished.Status);
        Assert.StartsWith("interp: ", finished.ErrorLine, StringComparison.Ordinal);
        Assert.Contains(part, finished.ErrorLine, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["sae"]));
        Assert.True(File.Exists(Path.Combine(_folder["acts"], Shard)));
    }

    private static void Write(string folder, int rows, int? notFinite = null)
    {
        const int Width = 16;
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var values = randn([rows, Width], generator: generator);
        if (notFinite is { } row)
        {
            values[row, 5] = float.NaN;
        }

        int[] index = [.. Enumerable.Range(0, rows)];
        using var writer = ActivationWriter.Create(folder, [new("h", Width)], new ActivationOrigin());
        writer.Add([values], index, index, index);
        _ = writer.Complete();
    }

    /// <summary>Runs with a limit on the length of files. The runtime's own mapping of code would be over it.</summary>
    private async Task<InterpProcess.Finished> Limited(int kilobytes, string[] args)
    {
        var plain = InterpProcess.StartInfo(_folder["workspace"], args);
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(FormattableString.Invariant($"ulimit -f {kilobytes}; exec \"$0\" \"$@\""));
        start.ArgumentList.Add(plain.FileName);
        foreach (var arg in plain.ArgumentList)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["INTERP_WORKSPACE"] = _folder["workspace"];
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        return await InterpProcess.Finish(process);
    }
}
