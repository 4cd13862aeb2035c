using System.Text.Json;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Adapters;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training.FineTuning;

/// <summary>Tunes a model of any family on a text: all of its weights, a low-rank adapter, or a matrix-product-state adapter.</summary>
public static class FineTuneRun
{
    /// <summary>Models below this many numbers are tuned on one core: they gain nothing from more, and the bytes do not depend on how many there are.</summary>
    private const long SmallModel = 4_000_000;

    /// <summary>
    /// Tunes and writes a folder: a PEFT adapter (<c>adapter_config.json</c>, <c>adapter_model.safetensors</c>) or, for full tuning, a
    /// checkpoint of the model's family; beside it <c>finetune.json</c> and, where asked for, <c>steps/</c> and <c>merged/</c>. While it
    /// runs its state lies in the folder's name with <c>.training</c> added, from which the same call goes on bit for bit.
    /// </summary>
    /// <param name="modelFolder">The model's folder.</param>
    /// <param name="textFile">A UTF-8 text.</param>
    /// <param name="folder">The folder to make; it must not exist or be empty.</param>
    /// <param name="options">How.</param>
    /// <param name="device">Where; null for the CPU. Another device rounds otherwise: a stopped run goes on bit for bit on its own.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops after the current step; the state is kept.</param>
    /// <returns>The losses, as written to <c>finetune.json</c>.</returns>
    /// <exception cref="InterpException">The model has no tokenizer, the text is too short, a target names nothing, or the folder is taken.</exception>
    /// <remarks>Memory: the weights, what is trained three times more, and one pass's graph.</remarks>
    public static FineTuneResult Run(
        string modelFolder, string textFile, string folder, FineTuneOptions options, Device? device = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        OptionsSchema.Validate(options);
        ModelFolder.CheckFree(folder);
        modelFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(modelFolder));
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Path.GetFileName(modelFolder);
        using var model = TrainableModel.Load(modelFolder, new ModelLoadOptions { Device = device }, cancellation);
        options = options with { Length = Math.Min(options.Length, model.Config.ContextLength) };
        var tokenizer = TokenizerOf(modelFolder)
            ?? throw new InterpException($"{name} has no tokenizer, so it cannot read {textFile}: add its tokenizer files to its folder");
        using var text = TuningText.Read(tokenizer, textFile, options).MovedTo(model.Device);
        CheckIds(text, model, name);
        using var tuned = TunedWeights.Create(model, name, options);
        var (rows, positions) = (Math.Min(options.BatchSize, text.Train.Count), text.Train.Ids.shape[1]);
        RunMemory.Training(model.Config, rows, positions, tuned.Parameters.Values.Sum(parameter => parameter.numel()))
            .Require(model.Device, "use a smaller --batch-size with --accumulate, or a shorter --length");
        var work = folder + ".training";
        TuningFolder.Begin(work, modelFolder, textFile, options);
        using var oneCore = model.Tensors.Values.Sum(tensor => tensor.numel()) < SmallModel ? new SingleThread() : null;
        var objective = new Objective(
            new TokenObjective(tuned.Parameters, ids => model.Logits(ids, tuned.Change), text.Train, text.Evaluation),
            options.SaveEvery,
            step => TuningFolder.SaveStep(work, step, path => WriteWeights(tuned, modelFolder, path)));
        var result = Tune(objective, tuned, model, name, text, options, work, progress, cancellation);
        TuningFolder.Finish(work, folder, temporary =>
        {
            WriteWeights(tuned, modelFolder, temporary);
            TuningFolder.WriteResult(temporary, result);
            if (tuned.IsAdapter && options.Merge)
            {
                MergedCheckpoint.Write(modelFolder, temporary, Path.Combine(temporary, "merged"), cancellation: cancellation);
            }
        });
        return result;
    }

    /// <summary>The result of a tuned folder, or null where it has none.</summary>
    /// <exception cref="InterpException">The file is damaged.</exception>
    public static FineTuneResult? TryRead(string folder)
    {
        var path = Path.Combine(folder, TuningFolder.ResultFile);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<FineTuneResult>(File.ReadAllBytes(path), ModelFolder.Json) : null;
        }
        catch (JsonException e)
        {
            throw new InterpException($"{path} does not hold a tuning's result ({e.Message.ReplaceLineEndings(" ")}): correct it or delete its folder", e);
        }
    }

    private static FineTuneResult Tune(
        Objective objective,
        TunedWeights tuned,
        TrainableModel model,
        string name,
        TuningText text,
        FineTuneOptions options,
        string work,
        IProgress<StepProgress>? progress,
        CancellationToken cancellation)
    {
        // Before the state of an earlier call, if any, is read: the model as it came.
        var before = objective.Evaluate(cancellation);
        var trained = Trainer.Run(objective, options.Training, new CheckpointPolicy { Folder = work, EverySteps = options.CheckpointEvery }, progress, cancellation);
        var after = objective.Evaluate(cancellation);
        return new FineTuneResult
        {
            Model = name,
            Method = options.Method,
            Options = OptionsSchema.Values(options),
            Modules = tuned.Modules,
            TrainedParameters = tuned.Parameters.Values.Sum(parameter => parameter.numel()),
            ModelParameters = model.Tensors.Values.Sum(tensor => tensor.numel()),
            TrainRows = text.Train.Count,
            EvaluationRows = text.Evaluation.Count,
            Steps = trained.Steps,
            EvaluationLossBefore = before.Loss,
            EvaluationLoss = after.Loss,
            EvaluationAccuracy = after.Accuracy,
            History = trained.History,
        };
    }

    private static void WriteWeights(TunedWeights tuned, string modelFolder, string folder)
    {
        tuned.Write(folder);
        if (!tuned.IsAdapter)
        {
            TuningFolder.CopyCompanions(modelFolder, folder);
        }
    }

    private static Tokenizer? TokenizerOf(string modelFolder)
    {
        using var inspected = LanguageModel.Inspect(modelFolder);
        return inspected.Tokenizer;
    }

    private static void CheckIds(TuningText text, TrainableModel model, string name)
    {
        using var scope = NewDisposeScope();
        CheckIds(Math.Max(text.Train.Ids.max().ToInt64(), text.Evaluation.Ids.max().ToInt64()), model.Config.VocabularySize, "reads", name);
        CheckIds(Math.Max(text.Train.Targets.max().ToInt64(), text.Evaluation.Targets.max().ToInt64()), model.Config.OutputVocabularySize, "predicts", name);
    }

    private static void CheckIds(long largest, int vocabulary, string does, string name)
    {
        if (largest >= vocabulary)
        {
            throw new InterpException($"the text holds the token {largest}, but {name} {does} {vocabulary} tokens only: choose another text, or the tokenizer that belongs to the model");
        }
    }

    /// <summary>The text's loss, with a copy of what is trained kept now and then.</summary>
    private sealed class Objective(TokenObjective inner, int saveEvery, Action<int> save) : ITrainingObjective
    {
        public IReadOnlyDictionary<string, Tensor> Parameters => inner.Parameters;

        public int ExampleCount => inner.ExampleCount;

        public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples) => inner.Loss(examples);

        public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default) => inner.Evaluate(cancellation);

        public void AfterStep(int step)
        {
            if (saveEvery > 0 && step % saveEvery == 0)
            {
                save(step);
            }
        }
    }
}
