namespace Interp.Analysis.Memories;

/// <summary>A straight line by least squares.</summary>
/// <param name="Slope">The slope.</param>
/// <param name="Intercept">The value at 0.</param>
/// <param name="SlopeError">The slope's standard error; null of two points.</param>
public sealed record LineFit(double Slope, double Intercept, double? SlopeError)
{
    /// <summary>Fits y on x; null of fewer than two different x.</summary>
    internal static LineFit? Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count < 2 || x.Distinct().Count() < 2)
        {
            return null;
        }

        var (meanX, meanY) = (x.Average(), y.Average());
        var spread = x.Sum(value => (value - meanX) * (value - meanX));
        var slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / spread;
        var intercept = meanY - (slope * meanX);
        var squares = x.Zip(y, (a, b) => Math.Pow(b - intercept - (slope * a), 2)).Sum();
        return new LineFit(slope, intercept, x.Count > 2 ? Math.Sqrt(squares / (x.Count - 2) / spread) : null);
    }
}
