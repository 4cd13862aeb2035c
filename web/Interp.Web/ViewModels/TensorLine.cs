using Interp.Models.Checkpoints;

namespace Interp.Web.ViewModels;

/// <summary>One tensor of a checkpoint as a table shows it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its shape, "[59, 64]".</param>
/// <param name="Type">Its element type.</param>
/// <param name="Count">How many numbers it holds.</param>
public sealed record TensorLine(string Name, string Shape, string Type, long Count)
{
    internal static TensorLine Of(TensorEntry entry) => new(
        entry.Name, $"[{string.Join(", ", entry.Shape)}]", entry.Dtype.ToString().ToLowerInvariant(), entry.Shape.Aggregate(1L, (product, size) => product * size));
}
