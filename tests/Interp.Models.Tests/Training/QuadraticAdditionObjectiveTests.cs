using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training;

public sealed class QuadraticAdditionObjectiveTests
{
    [Fact]
    public void Loss_and_accuracy_follow_their_definition()
    {
        using var scope = NewDisposeScope();
        var (split, parameters) = QuadraticAdditionObjective.Start(5, 6, 0.6, seed: 3);
        using var objective = new QuadraticAdditionObjective(parameters, split);
        float Weight(string name, int row, int column) => parameters[name][row, column].ToSingle();
        double loss = 0, right = 0;
        foreach (var pair in split.Test)
        {
            var (a, b) = (pair / 5, pair % 5);
            var logits = Enumerable.Range(0, 5)
                .Select(c => Enumerable.Range(0, 6).Sum(i => Math.Pow(Weight("W_a", a, i) + Weight("W_b", b, i), 2) * Weight("W_out", i, c)))
                .ToArray();
            loss += Enumerable.Range(0, 5).Average(c => Math.Pow(logits[c] - (c == (a + b) % 5 ? 1 : 0), 2));
            right += Array.IndexOf(logits, logits.Max()) == (a + b) % 5 ? 1 : 0;
        }

        var (measuredLoss, measuredAccuracy) = objective.Evaluate();
        Assert.Equal(loss / split.Test.Count, measuredLoss, 1e-5);
        Assert.Equal(right / split.Test.Count, measuredAccuracy, 1e-6);
        Assert.Equal(15, objective.ExampleCount);
    }

    [Fact]
    public void Weights_are_drawn_after_the_split_with_the_stated_deviations()
    {
        using var scope = NewDisposeScope();
        var (split, parameters) = QuadraticAdditionObjective.Start(59, 256, 0.5, seed: 2);
        Assert.Equal(ModularAdditionSplit.Create(59, 0.5, 2).Train, split.Train);
        Assert.Equal(45_312, parameters.Values.Sum(parameter => parameter.numel()));
        Assert.Equal(1 / Math.Sqrt(118), parameters["W_a"].std().ToDouble(), 0.002);
        Assert.Equal(1 / 16.0, parameters["W_out"].std().ToDouble(), 0.002);
        Assert.NotEqual(parameters["W_a"][0, 0].ToSingle(), parameters["W_b"][0, 0].ToSingle());
    }
}
