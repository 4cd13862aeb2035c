using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>The angles between all pairs of rows.</summary>
internal static class AngleMeasures
{
    /// <summary>Measures rows <c>[n, d]</c>; NaN with fewer than two.</summary>
    public static AngleSummary Of(string metric, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var unit = rows / rows.norm(1, keepdim: true).clamp_min(1e-300);
        var cosines = unit.matmul(unit.t()).clamp(-1, 1).ToMatrix();
        var count = cosines.GetLength(0);
        var angles = new List<double>();
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                angles.Add(double.RadiansToDegrees(Math.Acos(cosines[i, j])));
            }
        }

        if (angles.Count == 0)
        {
            return new AngleSummary(metric, count, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        angles.Sort();
        var mean = angles.Average();
        var variance = angles.Average(angle => Math.Pow(angle - mean, 2));
        var fourth = angles.Average(angle => Math.Pow(angle - mean, 4));
        return new AngleSummary(metric, count, mean, angles[angles.Count / 2], Math.Sqrt(variance), (fourth / (variance * variance)) - 3);
    }
}
