using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Stability;

/// <summary>Two sets of directions against each other.</summary>
internal static class DirectionMatch
{
    /// <summary>Above this many directions no assignment is solved for: its time grows with the cube.</summary>
    public const int MostAssigned = 2048;

    private const int TileRows = 1024;

    /// <summary>Compares.</summary>
    /// <param name="own">Unit rows <c>[n, d]</c>.</param>
    /// <param name="other">Unit rows <c>[m, d]</c>.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    public static DirectionMatches Of(Tensor own, Tensor other, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (n, m) = ((int)own.shape[0], (int)other.shape[0]);
        var all = n <= MostAssigned && m <= MostAssigned ? new double[n, m] : null;
        var maxima = new double[n];
        var nearest = new long[n];
        var back = full(m, double.NegativeInfinity, dtype: ScalarType.Float64);
        var backNearest = zeros(m, ScalarType.Int64);
        for (var first = 0; first < n; first += TileRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var cosines = own.narrow(0, first, Math.Min(TileRows, n - first)).matmul(other.t()).to(ScalarType.Float64); // [rows, m]
            var (values, places) = cosines.max(1);
            values.data<double>().ToArray().CopyTo(maxima, first);
            places.data<long>().ToArray().CopyTo(nearest, first);
            var (columns, rows) = cosines.max(0);
            var better = columns.gt(back);
            _ = backNearest.copy_(where(better, rows + first, backNearest));
            _ = back.copy_(maximum(columns, back));
            if (all is not null)
            {
                var flat = cosines.contiguous().data<double>().ToArray();
                Buffer.BlockCopy(flat, 0, all, first * m * sizeof(double), flat.Length * sizeof(double));
            }
        }

        var backward = backNearest.data<long>().ToArray();
        var mutual = nearest.Index().Count(entry => backward[entry.Item] == entry.Index) / (double)n;
        return new DirectionMatches(maxima, back.mean().item<double>(), all is null ? double.NaN : Assignment.MeanOfBest(all), mutual);
    }
}
