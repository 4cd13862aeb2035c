using System.Text.Json;
using Interp.Analysis.Circles.Tasks;
using Interp.Models;
using Interp.Models.Training;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The sums that a model's recipe kept out of its training, as far as they are recorded or can be drawn again.</summary>
internal static class HeldOutSums
{
    /// <summary>The accuracy on them; null where none is known or none was asked.</summary>
    public static double? Accuracy(LanguageModel model, CyclicTask task, bool[] isRight)
    {
        if (Known(model, task) is not { } heldOut)
        {
            return null;
        }

        bool[] asked = [.. isRight.Where((_, i) => heldOut.Contains((task.Problems[i].Alpha, task.Problems[i].Beta)))];
        return asked.Length == 0 ? null : asked.Average(right => right ? 1.0 : 0);
    }

    private static HashSet<(int Alpha, int Beta)>? Known(LanguageModel model, CyclicTask task)
    {
        if (TrainingOrigin.TryRead(model.Folder) is not { } origin)
        {
            return null;
        }

        var p = task.Period;
        if (task.Kind == TaskKind.ModularAddition)
        {
            return TrainingRecipes.All.OfType<ModularAdditionRecipe>().FirstOrDefault(recipe => recipe.Name == origin.Recipe) is { } recipe && recipe.Shape.Modulus == p
                ? [.. recipe.Split(origin.Seed).Test.Select(pair => (pair / p, pair % p))]
                : null;
        }

        return origin.HeldOut is { } sums && sums.TryGetValue(task.Kind == TaskKind.Weekdays ? "days" : "months", out var list)
            ? [.. list.Select(sum => (sum.Label, sum.Number % p))]
            : null;
    }
}
