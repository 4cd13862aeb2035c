using System.Globalization;
using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Associative memories in words.</summary>
internal static class MemoriesFindings
{
    public static IEnumerable<Finding> Of(ResultReader result)
    {
        var operators = result.List("operators");
        if (operators.Count == 0)
        {
            yield break;
        }

        JsonElement[] memories = [.. operators.Where(found => new ResultReader(found).Flag("isMemory") == true)];
        var best = operators.MaxBy(found => new ResultReader(found).Number("recall1") ?? 0);
        var reader = new ResultReader(best);
        yield return new Finding(
            $"{memories.Length} of {operators.Count} operators recall {result.Text("associations")} beyond their nulls; the best is {Name(reader)}, which answers {NumberText.Of(reader.Number("recall1"))} of the frequency"
                + $" (permuted associations at most {NumberText.Of(reader.Number("permutedUpper"))}, the constant answer {NumberText.Of(result.Number("constantRecall"))}).",
            "Associations are declared by us: low recall refutes that an operator stores these, not that it stores anything, and recall of a matrix says nothing on when a head fires. Confirm by ablation or patching.");
    }

    private static string Name(ResultReader found) => found.Text("kind") switch
    {
        "head" => string.Create(CultureInfo.InvariantCulture, $"head {found.Number("head")} of layer {found.Number("layer")}"),
        "mlp" => string.Create(CultureInfo.InvariantCulture, $"the MLP of layer {found.Number("layer")}"),
        "sum" => "the sum of the heads named",
        _ => "the direct path",
    };
}
