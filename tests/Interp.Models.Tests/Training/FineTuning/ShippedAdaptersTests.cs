using Interp.Models.Training;
using Interp.Models.Training.FineTuning;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training.FineTuning;

/// <summary>The tuned models beside the calendar, measured anew on the lines that their tuning held back.</summary>
public sealed class ShippedAdaptersTests
{
    private static readonly string s_calendar = Path.Combine(Checkout.Root, "models", "calendar");

    [Fact]
    public void Each_has_the_loss_that_its_folder_tells()
    {
        foreach (var name in (string[])["full", "lora-r1", "lora-r4", "lora-r16", "lora-r16-rs", "mps-r16"])
        {
            var told = FineTuneRun.TryRead(At(name));
            Assert.Equal(told!.EvaluationLoss, Loss(name), 1e-5);
        }
    }

    [Theory]
    [InlineData("lora-r4")]
    [InlineData("lora-r16")]
    [InlineData("lora-r16-rs")]
    public void Lora_reaches_the_loss_of_full_tuning_within_a_twentieth(string name) => Assert.InRange(Loss(name) / Loss("full"), 0.9, 1.05);

    private static double Loss(string name)
    {
        using var noGradient = no_grad();
        var isFull = name == "full";
        using var model = isFull ? LanguageModel.Load(At(name)) : LanguageModel.Load(s_calendar, new ModelLoadOptions { Adapter = At(name) });
        using var text = TuningText.Read(model.Tokenizer!, At("style.txt"), new FineTuneOptions { Rows = TextRows.Lines, WithoutEnd = true, Length = 32 });
        var objective = new TokenObjective(new Dictionary<string, Tensor>(), ids => model.Run(ids).Logits!, text.Train, text.Evaluation);
        return objective.Evaluate(TestContext.Current.CancellationToken).Loss;
    }

    private static string At(string name) => Path.Combine(s_calendar, "adapters", name);
}
