using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Lengths and moments of one hook's rows as they arrive.</summary>
internal sealed class RowStatistics(string name, int width)
{
    private const int BinsPerDecade = 20;
    private const int LowestDecade = -8;
    private const int Decades = 16;

    private readonly StreamingMoments _moments = new(width);
    private readonly long[] _counts = new long[BinsPerDecade * Decades];
    private double _sum;
    private double _squares;
    private double _largest;

    /// <summary>Adds rows <c>[n, width]</c>.</summary>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public void Add(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var norms = rows.to(ScalarType.Float64).norm(1).cpu().data<double>().ToArray();
        foreach (var norm in norms)
        {
            if (!double.IsFinite(norm))
            {
                throw new InterpException($"{name} has numbers that are not finite: load the model in float32 or bfloat16");
            }

            _sum += norm;
            _squares += norm * norm;
            _largest = Math.Max(_largest, norm);
            var bin = norm > 0 ? (int)Math.Floor((Math.Log10(norm) - LowestDecade) * BinsPerDecade) : 0;
            _counts[Math.Clamp(bin, 0, _counts.Length - 1)]++;
        }

        _moments.Add(rows);
    }

    /// <summary>What was seen; empty bins at both ends are left out.</summary>
    public CapturedHook Summary()
    {
        var first = Math.Max(0, Array.FindIndex(_counts, count => count > 0));
        var last = Math.Max(first, Array.FindLastIndex(_counts, count => count > 0));
        var meanSquare = 0.0;
        foreach (var mean in _moments.Mean)
        {
            meanSquare += mean * mean;
        }

        return new CapturedHook(
            name,
            width,
            _sum / _moments.Count,
            _largest,
            _squares > 0 ? meanSquare * _moments.Count / _squares : double.NaN,
            [.. Enumerable.Range(first, last - first + 2).Select(i => LowestDecade + ((double)i / BinsPerDecade))],
            _counts[first..(last + 1)]);
    }
}
