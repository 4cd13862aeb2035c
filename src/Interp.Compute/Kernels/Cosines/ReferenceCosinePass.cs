using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>The definition in plain torch operations, on the device of the rows.</summary>
internal sealed class ReferenceCosinePass(UnitRows rows, CosineTally tally) : ICosinePass
{
    /// <inheritdoc/>
    public void Tile(int first, int second)
    {
        using var scope = NewDisposeScope();
        var height = Math.Min(tally.TileRows, rows.Count - first);
        var width = Math.Min(tally.TileRows, rows.Count - second);
        using var noGrad = no_grad();
        var cosines = rows.Values.narrow(0, first, height).matmul(rows.Values.narrow(0, second, width).t()); // [I, J]
        var kept = ones_like(cosines, ScalarType.Bool);
        if (first == second)
        {
            kept = kept.triu(1);
        }

        var values = cosines.masked_select(kept);
        if (values.numel() == 0)
        {
            return;
        }

        Count(values);
        var candidates = cosines.masked_fill(kept.logical_not(), float.NegativeInfinity);

        // Columns first: on the diagonal they bring the lower-numbered rows, and the first of equal ones is kept.
        OfferBest(candidates, 0, second, first);
        OfferBest(candidates, 1, first, second);
    }

    /// <inheritdoc/>
    public void Finish()
    {
    }

    private void Count(Tensor values)
    {
        var half = tally.Counts.Length / 2;
        var bins = ((values * half) + half).floor().clamp(0, tally.Counts.Length - 1).to(ScalarType.Int64);
        var counts = bins.bincount(null, tally.Counts.Length).cpu().data<long>();
        for (var bin = 0; bin < tally.Counts.Length; bin++)
        {
            tally.Counts[bin] += counts[bin];
        }

        tally.Minimum = Math.Min(tally.Minimum, values.min().to(ScalarType.Float64).item<double>());
        tally.Above += values.gt(tally.Threshold).sum().item<long>();
        tally.MagnitudeAbove += values.abs().gt(tally.Threshold).sum().item<long>();
    }

    /// <summary>The largest along one axis, offered to the rows of the other.</summary>
    private void OfferBest(Tensor candidates, long axis, int firstRow, int firstOther)
    {
        var (best, where) = candidates.max(axis);
        var cosines = best.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var others = where.cpu().data<long>().ToArray();
        for (var row = 0; row < cosines.Length; row++)
        {
            tally.Offer(firstRow + row, cosines[row], firstOther + (int)others[row]);
        }
    }
}
