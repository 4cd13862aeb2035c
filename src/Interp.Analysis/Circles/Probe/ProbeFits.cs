using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Circle probes of one label at one place, all harmonics at once, with what was left out and shuffled labels.</summary>
internal sealed class ProbeFits : IDisposable
{
    private const double LargestLeverage = 1 - 1e-9;

    private readonly CircleTargets _targets;
    private readonly int[] _labels;
    private readonly Tensor _points;
    private readonly Tensor _read;
    private readonly Tensor _withoutPrompt;
    private readonly Tensor _withoutOther;
    private readonly Tensor _withoutLabel;
    private readonly Tensor _basis;
    private readonly Tensor _leverage;
    private readonly int _components;

    /// <summary>Fits on all rows and with rows left out.</summary>
    /// <param name="activations">float64 [n, d].</param>
    /// <param name="targets">The circles.</param>
    /// <param name="labels">The label of each row.</param>
    /// <param name="others">The other number of each row.</param>
    /// <param name="components">Principal directions read.</param>
    /// <param name="cancellation">Stops between folds.</param>
    public ProbeFits(Tensor activations, CircleTargets targets, int[] labels, int[] others, int components, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        (_targets, _labels, _components) = (targets, labels, (int)Math.Min(components, Math.Min(activations.shape[0], activations.shape[1])));
        var points = targets.Of(labels);
        var centred = activations - activations.mean([0], keepdim: true);
        var scores = centred.matmul(CircleReadout.Principal(centred, components).t());
        var (left, sizes, _) = linalg.svd(scores, fullMatrices: false);
        var basis = left.narrow(1, 0, sizes.gt(sizes.max() * 1e-10).sum().ToInt64());
        var read = basis.matmul(basis.t().matmul(points));

        // PRESS: the error of the row left out is its residual over 1 − leverage; the principal directions stay those of all rows.
        var leverage = basis.square().sum([1], keepdim: true).clamp_max(LargestLeverage);
        _points = points.DetachFromDisposeScope();
        _read = read.DetachFromDisposeScope();
        _withoutPrompt = (points - ((points - read) / (1 - leverage))).DetachFromDisposeScope();
        _basis = basis.DetachFromDisposeScope();
        _leverage = leverage.DetachFromDisposeScope();
        _withoutOther = Without(activations, points, others, components, cancellation).DetachFromDisposeScope();
        _withoutLabel = Without(activations, points, labels, components, cancellation).DetachFromDisposeScope();
    }

    /// <summary>One harmonic's measures.</summary>
    public ProbeMeasure Measure(int layer, string position, string label, int harmonic, int draws, SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        var columns = ColumnsOf(harmonic);
        Tensor Of(Tensor all) => all.narrow(1, columns.Start, columns.Count);
        var (points, read, held) = (Of(_points), Of(_read), Of(_withoutPrompt));
        var shares = R2(points, read);
        var heldOut = R2(points, held).Min();
        var (quantile, pValue) = Null(points, heldOut, draws, random);
        var radius = read.square().sum([1]).sqrt();
        return new ProbeMeasure
        {
            Layer = layer,
            Position = position,
            Label = label,
            Harmonic = harmonic,
            Components = _components,
            CosineR2 = shares[0],
            SineR2 = columns.Count == 2 ? shares[1] : null,
            HeldOutPromptR2 = heldOut,
            HeldOutOtherR2 = R2(points, Of(_withoutOther)).Min(),
            HeldOutLabelR2 = R2(points, Of(_withoutLabel)).Min(),
            NullQuantile95 = quantile,
            PValue = pValue,
            AngularError = columns.Count == 2 ? Angles(held).Zip(_labels, (angle, l) => Math.Abs(Wrapped(angle - _targets.Angle(l, harmonic)))).Average() : null,
            NearestLabelAccuracy = columns.Count == 2 && _targets.SeparatesLabels(harmonic) ? Nearest(held, harmonic) : null,
            RadiusMean = radius.mean().ToDouble(),
            RadiusVariation = (radius.std(unbiased: false) / radius.mean()).ToDouble(),
        };
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        _points.Dispose();
        _read.Dispose();
        _withoutPrompt.Dispose();
        _withoutOther.Dispose();
        _withoutLabel.Dispose();
        _basis.Dispose();
        _leverage.Dispose();
    }

    /// <summary>1 − residual over variance of each column.</summary>
    internal static double[] R2(Tensor points, Tensor read)
    {
        using var scope = NewDisposeScope();
        var unexplained = (points - read).square().sum([0]);
        var total = (points - points.mean([0], keepdim: true)).square().sum([0]);
        return (1 - (unexplained / total)).data<double>().ToArray();
    }

    /// <summary>An angle between −π and π.</summary>
    internal static double Wrapped(double angle) => angle - (2 * Math.PI * Math.Round(angle / (2 * Math.PI)));

    /// <summary>What is read from rows of one fold by a probe of all others, principal directions included.</summary>
    private static Tensor Without(Tensor activations, Tensor points, int[] folds, int components, CancellationToken cancellation)
    {
        var read = zeros_like(points);
        foreach (var fold in folds.Distinct())
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor Rows(bool inFold) => tensor(Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold == inFold).Select(row => (long)row).ToArray());
            var (outside, inside) = (Rows(true), Rows(false));
            if (inside.shape[0] < 2)
            {
                continue;
            }

            using var probe = CircleReadout.Fit(activations.index_select(0, inside), points.index_select(0, inside), components);

            // A fold takes its label's point out of the fitted targets' mean, so the mean is an intercept.
            var intercept = points.index_select(0, inside).mean([0]);
            read.index_copy_(0, outside, probe.Read(activations.index_select(0, outside)) + intercept);
        }

        return read;
    }

    private (double Quantile95, double PValue) Null(Tensor points, double observed, int draws, SplitMix64 random)
    {
        if (draws == 0)
        {
            return (double.NaN, double.NaN);
        }

        var values = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            using var scope = NewDisposeScope();
            var shuffled = points.index_select(0, tensor(Array.ConvertAll(random.Permutation(_labels.Length), row => (long)row)));
            var read = _basis.matmul(_basis.t().matmul(shuffled));
            values[draw] = R2(shuffled, shuffled - ((shuffled - read) / (1 - _leverage))).Min();
        }

        Array.Sort(values);
        return (values[(int)Math.Ceiling(0.95 * draws) - 1], (1.0 + values.Count(value => value >= observed)) / (draws + 1));
    }

    private (int Start, int Count) ColumnsOf(int harmonic)
    {
        var index = _targets.Harmonics.ToList().IndexOf(harmonic);
        return (_targets.Starts[index], _targets.Starts[index + 1] - _targets.Starts[index]);
    }

    private double Nearest(Tensor read, int harmonic)
    {
        var p = _targets.Period;
        return Angles(read).Zip(_labels, (angle, label) =>
            Enumerable.Range(0, p).MinBy(other => Math.Abs(Wrapped(angle - _targets.Angle(other, harmonic)))) == label ? 1.0 : 0).Average();
    }

    private static double[] Angles(Tensor read) => atan2(read.select(1, 1), read.select(1, 0)).data<double>().ToArray();
}
