using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// The nearest centre of every row, kept from one iteration of k-means to the next: a row whose own centre stood still is compared
/// with those that moved alone.
/// </summary>
internal sealed class NearestCentres(Tensor data)
{
    private const int RowBlock = 4096;

    private readonly double[] _scores = new double[data.shape[0]];

    /// <summary>The nearest centre of each row, the first of equal ones unless the row's own is among them.</summary>
    public int[] Labels { get; } = new int[data.shape[0]];

    /// <summary>Finds them again.</summary>
    /// <param name="centres">The centres <c>[k, d]</c>.</param>
    /// <param name="moved">Which of them moved since the last time; all of them the first time.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    public void Assign(double[,] centres, bool[] moved, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        int[] changed = [.. Enumerable.Range(0, moved.Length).Where(centre => moved[centre])];
        var all = Enumerable.Range(0, moved.Length).ToArray();
        var points = centres.ToTensor().to(data.dtype);
        var partial = changed.Length < moved.Length / 2;
        for (var first = 0; first < Labels.Length; first += RowBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Enumerable.Range(first, Math.Min(RowBlock, Labels.Length - first)).ToArray();
            if (!partial)
            {
                Compare(points, rows, all, keepsOwn: false);
                continue;
            }

            Compare(points, [.. rows.Where(row => moved[Labels[row]])], all, keepsOwn: false);
            Compare(points, [.. rows.Where(row => !moved[Labels[row]])], changed, keepsOwn: true);
        }
    }

    /// <summary>Gives rows the nearest of some centres, or their own where it is no farther.</summary>
    private void Compare(Tensor points, int[] rows, int[] centres, bool keepsOwn)
    {
        if (rows.Length == 0 || centres.Length == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var isBlock = rows[^1] - rows[0] == rows.Length - 1;
        var chosen = isBlock ? data.narrow(0, rows[0], rows.Length) : data.index_select(0, tensor(rows));
        var among = centres.Length == points.shape[0] ? points : points.index_select(0, tensor(centres));

        // ‖x − c‖² without ‖x‖², which is the same for all centres.
        var scores = among.square().sum(1) - (2 * chosen.matmul(among.t()));
        var (least, where) = scores.min(1);
        var values = least.to(ScalarType.Float64).data<double>().ToArray();
        var places = where.data<long>().ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            if (!keepsOwn || values[i] < _scores[rows[i]])
            {
                (Labels[rows[i]], _scores[rows[i]]) = (centres[places[i]], values[i]);
            }
        }
    }
}
