using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>The nearest and farthest rows of a few rows, by cosines in float64, block by block.</summary>
internal static class AskedNeighbours
{
    private const int BlockRows = 2048;

    public static IReadOnlyList<(IReadOnlyList<(int Row, double Cosine)> Nearest, IReadOnlyList<(int Row, double Cosine)> Farthest)> Of(
        Tensor rows, IReadOnlyList<int> asked, int count, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var total = rows.shape[0];
        var own = empty([asked.Count, rows.shape[1]], ScalarType.Float64, rows.device);
        var ownNumbers = new List<int>();
        RowScaling.Into(rows.index_select(0, tensor(asked.Select(row => (long)row).ToArray(), device: rows.device)), own, 0, ownNumbers);
        if (ownNumbers.Count < asked.Count)
        {
            var zero = asked[Enumerable.Range(0, asked.Count).Except(ownNumbers).First()];
            throw new InterpException($"row {zero} is zero and has no direction: choose another row");
        }

        var cosines = new List<double[]>();
        var numbers = new List<int>();
        var unit = empty([Math.Min(BlockRows, total), rows.shape[1]], ScalarType.Float64, rows.device);
        for (long first = 0; first < total; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var kept = RowScaling.Into(rows.narrow(0, first, Math.Min(BlockRows, total - first)), unit, (int)first, numbers);
            var products = unit.narrow(0, 0, kept).matmul(own.t()).clamp(-1, 1).cpu().ToMatrix();
            cosines.AddRange(Enumerable.Range(0, kept).Select(row => Enumerable.Range(0, asked.Count).Select(place => products[row, place]).ToArray()));
        }

        return [.. asked.Select((row, place) =>
        {
            var others = Enumerable.Range(0, numbers.Count).Where(other => numbers[other] != row).Select(other => (Row: numbers[other], Cosine: cosines[other][place])).ToArray();
            return (Side(others.OrderByDescending(other => other.Cosine), count), Side(others.OrderBy(other => other.Cosine), count));
        })];
    }

    private static IReadOnlyList<(int Row, double Cosine)> Side(IOrderedEnumerable<(int Row, double Cosine)> ordered, int count) =>
        [.. ordered.ThenBy(other => other.Row).Take(count)];
}
