using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using TorchSharp;

namespace Interp.Analysis.Circles;

/// <summary>A finite cloud of points in a plane, float64; the input of the separability and mixture indices.</summary>
public sealed class PlaneCloud
{
    /// <summary>Coordinates up to here have squares that can be added up.</summary>
    private const double Largest = 1e140;

    private PlaneCloud(double[] x, double[] y) => (X, Y) = (x, y);

    /// <summary>The number of points n.</summary>
    public int Count => X.Length;

    /// <summary>The first coordinates <c>[n]</c>; not to be changed.</summary>
    internal double[] X { get; }

    /// <summary>The second coordinates <c>[n]</c>; not to be changed.</summary>
    internal double[] Y { get; }

    /// <summary>Takes two columns of equal length; the cloud keeps the arrays.</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="what">The cloud in the user's terms, for errors.</param>
    /// <exception cref="ShapeMismatchException">The columns differ in length or hold fewer than two points.</exception>
    /// <exception cref="InterpException">A coordinate is not finite, or its square would not be.</exception>
    public static PlaneCloud FromColumns(double[] x, double[] y, string what = "the point cloud")
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Length != y.Length || x.Length < 2)
        {
            throw new ShapeMismatchException(what, "[n ≥ 2, 2]", x.Length == y.Length ? [x.Length, 2] : [x.Length, y.Length]);
        }

        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                throw new InterpException($"{what} holds a number that is not finite in row {i}: drop or mend such rows first");
            }

            if (Math.Max(Math.Abs(x[i]), Math.Abs(y[i])) > Largest)
            {
                throw new InterpException(FormattableString.Invariant($"{what} holds a number beyond {Largest:R} in row {i}, whose square overflows: scale the points down first"));
            }
        }

        return new PlaneCloud(x, y);
    }

    /// <summary>Takes two columns of a matrix.</summary>
    /// <param name="points">The rows <c>[n, d]</c>.</param>
    /// <param name="first">The column of first coordinates.</param>
    /// <param name="second">The column of second coordinates.</param>
    /// <param name="what">The cloud in the user's terms, for errors.</param>
    /// <exception cref="InterpException">Fewer than two points, or a coordinate is not finite.</exception>
    public static PlaneCloud FromMatrix(double[,] points, int first = 0, int second = 1, string what = "the point cloud")
    {
        ArgumentNullException.ThrowIfNull(points);
        return FromColumns(points.Column(first), points.Column(second), what);
    }

    /// <summary>Takes a tensor of points.</summary>
    /// <param name="points">The points <c>[n, 2]</c>, any real dtype and device; copied.</param>
    /// <param name="what">The cloud in the user's terms, for errors.</param>
    /// <exception cref="InterpException">Another shape, fewer than two points, or a coordinate is not finite.</exception>
    public static PlaneCloud FromTensor(torch.Tensor points, string what = "the point cloud")
    {
        ArgumentNullException.ThrowIfNull(points);
        return points.dim() == 2 && points.shape[1] == 2
            ? FromMatrix(points.ToMatrix(what), what: what)
            : throw new ShapeMismatchException(what, "[n ≥ 2, 2]", points.shape);
    }

    /// <summary>The points farther from the origin than a radius; the cloud itself when all are.</summary>
    /// <exception cref="InterpException">Fewer than two points are left.</exception>
    internal PlaneCloud Outside(double radius)
    {
        var kept = Enumerable.Range(0, Count).Where(i => Math.Sqrt((X[i] * X[i]) + (Y[i] * Y[i])) > radius).ToArray();
        return kept.Length == Count ? this
            : kept.Length >= 2 ? new PlaneCloud([.. kept.Select(i => X[i])], [.. kept.Select(i => Y[i])])
            : throw new InterpException(FormattableString.Invariant($"only {kept.Length} of {Count} points lie farther than {radius} from the origin: at least 2 are needed"));
    }

    /// <summary>The two coordinates with their means removed.</summary>
    internal PlaneCloud Centred()
    {
        double meanX = X.Average(), meanY = Y.Average();
        return new PlaneCloud(Array.ConvertAll(X, value => value - meanX), Array.ConvertAll(Y, value => value - meanY));
    }

    /// <summary>Both coordinates divided by a number.</summary>
    internal PlaneCloud DividedBy(double divisor) =>
        new(Array.ConvertAll(X, value => value / divisor), Array.ConvertAll(Y, value => value / divisor));

    /// <summary>The eigenvalues of the covariance (divided by n), larger first; never negative.</summary>
    internal (double Larger, double Smaller) CovarianceEigenvalues()
    {
        var centred = Centred();
        double xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < Count; i++)
        {
            xx += centred.X[i] * centred.X[i];
            yy += centred.Y[i] * centred.Y[i];
            xy += centred.X[i] * centred.Y[i];
        }

        var (mean, half) = ((xx + yy) / (2 * Count), (xx - yy) / (2 * Count));
        var larger = mean + Math.Sqrt((half * half) + (xy / Count * (xy / Count)));

        // The product of the eigenvalues is the determinant; it keeps digits that mean − root would cancel.
        var determinant = ((xx / Count) * (yy / Count)) - ((xy / Count) * (xy / Count));
        return (larger, larger > 0 ? Math.Max(0, determinant / larger) : 0);
    }
}
