using Interp.Models.Training;
using Interp.Models.Training.Calendar;
using TorchSharp;

namespace Interp.Models.Tests.Training.Calendar;

public sealed class CalendarRecipeTests : IDisposable
{
    private static readonly CalendarRecipe s_recipe = new()
    {
        Name = "tiny-calendar",
        Summary = "A model too small to learn, for tests.",
        Shape = new CalendarShape(LayerCount: 1, Width: 8, HeadCount: 2, MlpWidth: 12, ContextLength: 32),
        TrainFraction = 0.8,
        Training = new TrainingOptions { Steps = 6, EvaluateEvery = 3, BatchSize = 8, Seed = 3, CooldownSteps = 2 },
        RowCount = 32,
        TextLines = 5,
    };

    private readonly string _root = Directory.CreateTempSubdirectory("interp-calendar-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_folder_is_a_llama_with_tokenizer_text_origin_and_metrics_and_the_same_for_the_same_seed()
    {
        string[] folders = [Path.Combine(_root, "first"), Path.Combine(_root, "second")];
        var metrics = s_recipe.Train(folders[0]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = s_recipe.Train(folders[1]);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        foreach (var file in Directory.EnumerateFiles(folders[0]))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folders[1], Path.GetFileName(file))));
        }

        Assert.Equal(["first", "second"], Directory.EnumerateDirectories(_root).Select(folder => Path.GetFileName(folder)).Order());
        using var model = LanguageModel.Load(folders[0]);
        Assert.Equal("llama", model.Config.Family);
        Assert.Equal(model.ParameterCount, metrics.ParameterCount);
        Assert.NotNull(model.Tokenizer!.BeginId);
        Assert.Equal(193, metrics.TrainPairs + metrics.HeldOutPairs);
        Assert.InRange(metrics.HeldOutLoss, 1, 10);
        var origin = TrainingOrigin.TryRead(folders[0])!;
        Assert.Equal(metrics.HeldOutPairs, origin.HeldOut!.Values.Sum(list => list.Count));
        Assert.Equal(5, File.ReadAllLines(Path.Combine(folders[0], "corpus.txt")).Length);
    }
}
