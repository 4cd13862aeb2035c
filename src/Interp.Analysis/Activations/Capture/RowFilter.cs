using TorchSharp;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Leaves out rows that are much longer than the others: attention sinks, whose squares would drown all the rest.</summary>
internal static class RowFilter
{
    /// <summary>The rows of a batch that are at no hook longer than a multiple of the (lower) median length there.</summary>
    /// <param name="rows">One tensor a hook, <c>[n, width]</c> float32.</param>
    /// <param name="multiple">The multiple; 0 keeps all.</param>
    /// <returns>Their places, ascending.</returns>
    /// <remarks>Source: saprmarks/dictionary_learning, <c>buffer.py</c> (norms above ten times the batch's median are removed).</remarks>
    public static long[] Kept(torch.Tensor[] rows, double multiple)
    {
        var count = (int)rows[0].shape[0];
        var drops = new bool[count];
        if (multiple > 0)
        {
            foreach (var hook in rows)
            {
                var norms = RowStatistics.Norms(hook);
                double[] sorted = [.. norms.Order()];
                var limit = multiple * sorted[(count - 1) / 2];
                for (var row = 0; row < count; row++)
                {
                    drops[row] |= norms[row] > limit;
                }
            }
        }

        return [.. Enumerable.Range(0, count).Where(row => !drops[row]).Select(row => (long)row)];
    }
}
