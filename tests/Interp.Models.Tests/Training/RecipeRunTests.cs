using System.Text.Json;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Training;
using TorchSharp;

namespace Interp.Models.Tests.Training;

public sealed class RecipeRunTests : IDisposable
{
    private static readonly ModularAdditionRecipe s_recipe = new()
    {
        Name = "tiny-7",
        Summary = "A model too small to learn, for tests.",
        Shape = new ModularAdditionShape(Modulus: 7, Width: 8, HeadCount: 2, MlpWidth: 12),
        TrainFraction = 0.5,
        Training = new TrainingOptions { Steps = 20, EvaluateEvery = 10, Seed = 3 },
    };

    private readonly string _root = Directory.CreateTempSubdirectory("interp-recipe-").FullName;

    private string Folder => Path.Combine(_root, "models", "tiny-7");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_folder_holds_configuration_origin_metrics_and_weights_and_nothing_else_is_left()
    {
        var metrics = RecipeRun.Train(s_recipe, Folder);
        Assert.Equal([Folder], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Folder)!));
        Assert.Equal(
            ["config.json", "interp.json", "metrics.json", "model.safetensors"],
            Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

        using var origin = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "interp.json")));
        Assert.Equal("modular-addition", origin.RootElement.GetProperty("task").GetProperty("kind").GetString());
        Assert.Equal(7, origin.RootElement.GetProperty("task").GetProperty("modulus").GetInt32());
        Assert.Equal(3, origin.RootElement.GetProperty("seed").GetInt32());

        using var written = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "metrics.json")));
        Assert.Equal(metrics.HeldOutLoss, written.RootElement.GetProperty("heldOutLoss").GetDouble());
        Assert.Equal(2, written.RootElement.GetProperty("history").GetArrayLength());
        Assert.Equal("all-steps-taken", written.RootElement.GetProperty("stopped").GetString());

        var read = RecipeMetrics.TryRead(Folder)!;
        Assert.Equal(metrics.History, read.History);
        Assert.Equal(metrics with { History = read.History }, read);
        Assert.Equal(new TrainingOrigin("tiny-7", 3, 0.5, 20), TrainingOrigin.TryRead(Folder));
    }

    [Fact]
    public void The_written_weights_are_the_trained_ones()
    {
        var metrics = RecipeRun.Train(s_recipe, Folder);
        using var checkpoint = Checkpoint.Open(Folder);
        var parameters = checkpoint.Names.ToDictionary(name => name, name => checkpoint.Read(name));
        using var objective = new ModularAdditionObjective(s_recipe.Shape, parameters, s_recipe.Split(3));
        Assert.Equal(metrics.HeldOutLoss, objective.Evaluate().Loss);
        Assert.Equal(metrics.HeldOutLoss, metrics.History[^1].HeldOutLoss);
        foreach (var parameter in parameters.Values)
        {
            parameter.Dispose();
        }
    }

    [Fact]
    public void A_cancelled_run_leaves_no_model_and_the_next_one_ends_with_the_same_bytes()
    {
        var whole = Path.Combine(_root, "whole");
        _ = RecipeRun.Train(s_recipe, whole);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => RecipeRun.Train(s_recipe, Folder, progress: new CancelAt(source, 13), cancellation: source.Token));
        Assert.False(Directory.Exists(Folder));
        _ = RecipeRun.Train(s_recipe, Folder);
        foreach (var file in Directory.EnumerateFiles(whole))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(Folder, Path.GetFileName(file))));
        }
    }

    [Fact]
    public void A_folder_that_holds_something_is_refused_before_training()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "notes.txt"), "mine");
        var failure = Assert.Throws<InterpException>(() => RecipeRun.Train(s_recipe, Folder));
        Assert.Contains("exists already", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, "notes.txt")));
    }

    [Fact]
    public void A_folder_without_metrics_or_origin_has_none_and_damaged_files_are_named()
    {
        Assert.Null(RecipeMetrics.TryRead(null));
        Assert.Null(RecipeMetrics.TryRead(_root));
        Assert.Null(TrainingOrigin.TryRead(_root));
        File.WriteAllText(Path.Combine(_root, "metrics.json"), "{\"recipe\": 3}");
        File.WriteAllText(Path.Combine(_root, "interp.json"), "{");
        Assert.Contains("metrics.json", Assert.Throws<InterpException>(() => RecipeMetrics.TryRead(_root)).Message, StringComparison.Ordinal);
        Assert.Contains("interp.json", Assert.Throws<InterpException>(() => TrainingOrigin.TryRead(_root)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_root, "interp.json"), "{\"task\": {\"kind\": \"modular-addition\", \"modulus\": 7}}");
        Assert.Null(TrainingOrigin.TryRead(_root));
    }

    [Fact]
    public void An_empty_folder_is_filled()
    {
        Directory.CreateDirectory(Folder);
        _ = RecipeRun.Train(s_recipe, Folder, seed: 9);
        using var origin = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "interp.json")));
        Assert.Equal(9, origin.RootElement.GetProperty("seed").GetInt32());
    }

    [Fact]
    public void A_run_leaves_no_tensors_behind()
    {
        _ = RecipeRun.Train(s_recipe, Path.Combine(_root, "first"));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = RecipeRun.Train(s_recipe, Path.Combine(_root, "second"));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_number_of_threads_neither_changes_the_bytes_nor_stays_changed()
    {
        var before = torch.get_num_threads();
        var folders = new[] { 1, 2 }.Select(threads =>
        {
            torch.set_num_threads(threads);
            var folder = Path.Combine(_root, $"threads-{threads}");
            _ = RecipeRun.Train(s_recipe, folder);
            Assert.Equal(threads, torch.get_num_threads());
            return folder;
        }).ToArray();
        torch.set_num_threads(before);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folders[0], "model.safetensors")), File.ReadAllBytes(Path.Combine(folders[1], "model.safetensors")));
    }

    [Fact]
    public void An_unknown_recipe_is_answered_with_the_known_ones()
    {
        var failure = Assert.Throws<InterpException>(() => TrainingRecipes.Find("clock-60"));
        Assert.Contains("clock-59, clock-31, calendar", failure.Message, StringComparison.Ordinal);
    }

    private sealed class CancelAt(CancellationTokenSource source, long step) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Done == step)
            {
                source.Cancel();
            }
        }
    }
}
