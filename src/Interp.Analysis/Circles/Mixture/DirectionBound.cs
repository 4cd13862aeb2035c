using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// Bounds from above, for all directions of an interval at once, how many points of a plane cloud one band can hold. One instance
/// is one thread's workspace.
/// </summary>
/// <remarks>
/// As the direction turns by at most δ, a point's projection z stays within |w| sin δ + |z|(1 − cos δ) of that at the middle, w its
/// coordinate across. A window can only hold points whose interval it meets: those that begin below its upper edge, less those
/// that end below its lower edge. Both are counted in bins, and a window's lower edge is moved over all bins. Lengths here are over
/// the cloud's radius, in single precision with slack.
/// </remarks>
internal sealed class DirectionBound
{
    private const int FewestBins = 512;
    private const int UsualBins = 4096;
    private const int MostBins = 16_384;
    private const int Block = 256;

    /// <summary>Windows no farther apart are taken together.</summary>
    private const int NearBins = 64;

    /// <summary>Bins that the spread of a point at the rim covers.</summary>
    private const double BinsPerSpread = 6;

    /// <summary>Distance of the places at which a window's upper edge is computed; between them a chord lies above the convex curve.</summary>
    private const int Knots = 64;

    /// <summary>What single precision may be off by.</summary>
    private const float Slack = 2e-6f;

    /// <summary>What places along a chord may be off by, in bins.</summary>
    private const float ChordSlack = 4e-3f;

    private const float Half = 1 + (8 * Slack);

    private readonly float[] _x;
    private readonly float[] _y;
    private readonly int[] _begins = new int[MostBins + 1];
    private readonly int[] _ends = new int[MostBins + 1];
    private readonly double _epsilon;
    private readonly double _scale;
    private int _bins;
    private double _variance;
    private bool _isOne;

    /// <summary>Takes a cloud.</summary>
    /// <param name="centred">The points, means zero.</param>
    /// <param name="epsilon">ε.</param>
    public DirectionBound(PlaneCloud centred, double epsilon)
    {
        _epsilon = epsilon;
        var squared = 0.0;
        for (var i = 0; i < centred.Count; i++)
        {
            squared = Math.Max(squared, (centred.X[i] * centred.X[i]) + (centred.Y[i] * centred.Y[i]));
        }

        _scale = squared > 0 ? 1 / Math.Sqrt(squared) : 1;
        _x = Array.ConvertAll(centred.X, value => (float)(value * _scale));
        _y = Array.ConvertAll(centred.Y, value => (float)(value * _scale));
    }

    /// <summary>No band of a direction within an interval holds more points.</summary>
    /// <param name="angle">The middle of the interval, radians.</param>
    /// <param name="spread">δ: half the interval, radians; 0 for one direction.</param>
    /// <param name="variance">The largest variance of the cloud's projections in the interval.</param>
    public int AtMost(double angle, double spread, double variance)
    {
        var bins = spread > 0 ? (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)(BinsPerSpread / spread)), FewestBins, UsualBins) : UsualBins;
        return AtMost(angle, spread, variance, bins);
    }

    /// <summary>The same of one direction in finer bins.</summary>
    public int AtMostFinely(double angle, double variance) => AtMost(angle, 0, variance, MostBins);

    private unsafe int AtMost(double angle, double spread, double variance, int bins)
    {
        (_isOne, _bins) = (spread <= 0, bins);
        _variance = variance * _scale * _scale * (1 + 1e-9);
        fixed (int* begins = _begins, ends = _ends)
        {
            Unsafe.InitBlock(begins, 0, (uint)(_bins + 1) * sizeof(int));
            if (_isOne)
            {
                CountOne(angle, begins + 1);
                Sum(begins, _bins);
                return Largest(begins, begins);
            }

            Unsafe.InitBlock(ends, 0, (uint)(_bins + 1) * sizeof(int));
            Count(angle, spread, begins + 1, ends + 1);
            Sum(begins, _bins);
            Sum(ends, _bins);
            return Largest(begins, ends);
        }
    }

    /// <summary>
    /// After one direction was bounded: where the lower and upper edges of windows lie that may hold so many points, in the cloud's
    /// units, one range for each run of such windows.
    /// </summary>
    public List<(double LowerFrom, double LowerTo, double UpperFrom, double UpperTo)> Edges(int atLeast)
    {
        var runs = new List<(int First, int Last)>();
        var (at, step) = (0.0, 0.0);
        for (var bin = 0; bin < _bins; bin++, at += step)
        {
            if (bin % Knots == 0)
            {
                at = Upper(bin) + ChordSlack;
                step = (Upper(bin + Knots) + ChordSlack - at) / Knots;
            }

            if (_begins[Math.Min((int)at + 1, _bins)] - _begins[bin] >= atLeast)
            {
                if (runs.Count > 0 && bin - runs[^1].Last <= NearBins)
                {
                    runs[^1] = (runs[^1].First, bin);
                }
                else
                {
                    runs.Add((bin, bin));
                }
            }
        }

        // Wider by what rounding may have moved.
        double At(double place) => ((place * 2 * Half / _bins) - Half) / _scale;
        var spare = 16 * Slack / _scale;
        return [.. runs.Select(run => (At(run.First) - spare, At(run.Last + 1) + spare, At(Upper(run.First - 1)) - (4 * spare), At(Upper(run.Last)) + (4 * spare)))];
    }

    /// <summary>Counts, in the bin after its own, where each point's interval begins and where it ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Count(double angle, double spread, int* begins, int* ends)
    {
        var (sine, cosine) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
        var (turn, shrink) = ((float)Math.Sin(spread), (float)(1 - Math.Cos(spread)));
        var scale = _bins / (2 * Half);
        var (c, s, turns, shrinks) = (Vector256.Create(cosine), Vector256.Create(sine), Vector256.Create(turn), Vector256.Create(shrink));
        var (slack, half, scales, last) = (Vector256.Create(Slack), Vector256.Create(Half), Vector256.Create(scale), Vector256.Create(_bins - 1));
        var i = 0;
        var from = stackalloc int[Block];
        var to = stackalloc int[Block];
        fixed (float* x = _x, y = _y)
        {
            for (; i <= _x.Length - Block; i += Block)
            {
                for (var k = 0; k < Block; k += Vector256<float>.Count)
                {
                    var (px, py) = (Vector256.Load(x + i + k), Vector256.Load(y + i + k));
                    var z = (c * px) + (s * py);
                    var reach = (Vector256.Abs((c * py) - (s * px)) * turns) + (Vector256.Abs(z) * shrinks) + slack;
                    Vector256.ConvertToInt32Native(Vector256.MaxNative((z - reach + half) * scales, Vector256<float>.Zero)).Store(from + k);
                    Vector256.Min(Vector256.ConvertToInt32Native((z + reach + half) * scales), last).Store(to + k);
                }

                Increment(begins, from);
                Increment(ends, to);
            }
        }

        for (; i < _x.Length; i++)
        {
            var z = (cosine * _x[i]) + (sine * _y[i]);
            var reach = (Math.Abs((cosine * _y[i]) - (sine * _x[i])) * turn) + (Math.Abs(z) * shrink) + Slack;
            begins[Math.Max(0, (int)((z - reach + Half) * scale))]++;
            ends[Math.Min(_bins - 1, (int)((z + reach + Half) * scale))]++;
        }
    }

    /// <summary>Counts, in the bin after its own, where each point lies along one direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void CountOne(double angle, int* places)
    {
        var (sine, cosine) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
        var scale = _bins / (2 * Half);
        var (c, s, scales, half) = (Vector256.Create(cosine * scale), Vector256.Create(sine * scale), Vector256.Create(scale), Vector256.Create(Half * scale));
        var i = 0;
        var bins = stackalloc int[Block];
        fixed (float* x = _x, y = _y)
        {
            for (; i <= _x.Length - Block; i += Block)
            {
                for (var k = 0; k < Block; k += Vector256<float>.Count)
                {
                    Vector256.ConvertToInt32Native((c * Vector256.Load(x + i + k)) + (s * Vector256.Load(y + i + k)) + half).Store(bins + k);
                }

                Increment(places, bins);
            }
        }

        for (; i < _x.Length; i++)
        {
            places[(int)((cosine * scale * _x[i]) + (sine * scale * _y[i]) + (Half * scale))]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Increment(int* counters, int* bins)
    {
        for (var k = 0; k < Block; k += 4)
        {
            counters[bins[k]]++;
            counters[bins[k + 1]]++;
            counters[bins[k + 2]]++;
            counters[bins[k + 3]]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Sum(int* counts, int bins)
    {
        var sum = 0;
        for (var bin = 0; bin <= bins; bin++)
        {
            sum += counts[bin];
            counts[bin] = sum;
        }
    }

    /// <summary>The upper edge, in bins, of the window whose lower edge is the end of a bin.</summary>
    private double Upper(int bin)
    {
        var (width, rest) = (2 * (double)Half / _bins, 1 - (_epsilon * _epsilon));

        // Along one direction places, not intervals, were counted: what rounding may move is given to the window.
        var lower = ((bin + 1) * width) - Half + (_isOne ? Slack : 0);
        var centre = (lower + (_epsilon * Math.Sqrt((lower * lower) + (rest * _variance)))) / rest;
        return ((2 * centre) - lower + Half + (_isOne ? Slack : 0)) / width;
    }

    /// <summary>The most over all places of a window, from the counts below each bin's start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int Largest(int* begins, int* ends)
    {
        var most = 0;
        var mosts = Vector256<int>.Zero;
        var (one, all) = (Vector256<int>.One, Vector256.Create(_bins));
        var next = Upper(0);
        for (var first = 0; first < _bins; first += Knots)
        {
            var at = next;
            next = Upper(first + Knots);
            var step = (float)((next - at) / Knots);
            var places = Vector256.Create((float)at + ChordSlack) + (Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) * step);
            for (var bin = first; bin < first + Knots; bin += Vector256<int>.Count, places += Vector256.Create(8 * step))
            {
                // What begins in the upper edge's own bin may begin below it.
                var upper = Vector256.Min(Vector256.ConvertToInt32Native(places) + one, all);
                if (Avx2.IsSupported)
                {
                    mosts = Vector256.Max(mosts, Avx2.GatherVector256(begins, upper, sizeof(int)) - Vector256.Load(ends + bin));
                    continue;
                }

                for (var lane = 0; lane < Vector256<int>.Count; lane++)
                {
                    most = Math.Max(most, begins[upper.GetElement(lane)] - ends[bin + lane]);
                }
            }
        }

        for (var lane = 0; lane < Vector256<int>.Count; lane++)
        {
            most = Math.Max(most, mosts.GetElement(lane));
        }

        return most;
    }
}
