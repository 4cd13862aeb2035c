using Interp.Compute.Kernels.Cosines;

namespace Interp.Analysis.Capacity;

/// <summary>ε of other matrices: models' folders, dictionaries' folders or FILE:TENSOR.</summary>
internal static class CapacityComparison
{
    public static ComparedMatrix[] Of(CapacityOptions options, CancellationToken cancellation) =>
        [.. options.Compare.Select(name => Measure(name, options.Matrix, cancellation))];

    private static ComparedMatrix Measure(string name, EmbeddingMatrix matrix, CancellationToken cancellation)
    {
        using var input = CapacityInput.OpenNamed(name, matrix);
        var moments = RowCosines.Moments(input.Rows, null, cancellation);
        var epsilon = moments.Mean + (2 * moments.StandardDeviation);
        var isFinite = epsilon < CapacityAnalysis.NearOrthogonalBelow;
        return new ComparedMatrix(
            input.Name,
            moments.Rows,
            moments.Dimension,
            epsilon,
            epsilon / CapacityFormulas.RandomEpsilon(moments.Dimension),
            isFinite ? CapacityClass.NearOrthogonal : CapacityClass.Dense,
            isFinite ? CapacityFormulas.FourParameter(moments.Dimension, Math.Max(epsilon, 0)) : null);
    }
}
