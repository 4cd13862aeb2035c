using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Points on circles: for each harmonic j of a label the cosine and the sine of 2πj·label/p.</summary>
/// <param name="period">p.</param>
/// <param name="harmonics">j, each from 1 to p/2; at p/2 there is a cosine only.</param>
internal sealed class CircleTargets(int period, IReadOnlyList<int> harmonics)
{
    /// <summary>p.</summary>
    public int Period => period;

    /// <summary>The harmonics.</summary>
    public IReadOnlyList<int> Harmonics => harmonics;

    /// <summary>Whether a harmonic has a sine: all but p/2.</summary>
    public bool HasSine(int harmonic) => 2 * harmonic != period;

    /// <summary>Whether a harmonic gives every label an angle of its own: those that share no factor with p.</summary>
    public bool SeparatesLabels(int harmonic)
    {
        var (a, b) = (harmonic, period);
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a == 1;
    }

    /// <summary>The targets of labels, float64 [n, c] in the current dispose scope.</summary>
    public Tensor Of(IReadOnlyList<int> labels)
    {
        using var scope = NewDisposeScope();
        return stack([.. harmonics.SelectMany(harmonic => Columns([.. labels.Select(label => Angle(label, harmonic))], harmonic))], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The first columns of each harmonic in <see cref="Of"/>.</summary>
    public IReadOnlyList<int> Starts
    {
        get
        {
            var starts = new List<int> { 0 };
            foreach (var harmonic in harmonics)
            {
                starts.Add(starts[^1] + (HasSine(harmonic) ? 2 : 1));
            }

            return starts;
        }
    }

    /// <summary>The angle of a label, radians.</summary>
    public double Angle(int label, int harmonic) => 2 * Math.PI * ((long)harmonic * label % period) / period;

    private IEnumerable<Tensor> Columns(double[] angles, int harmonic)
    {
        var angle = tensor(angles);
        yield return angle.cos();
        if (HasSine(harmonic))
        {
            yield return angle.sin();
        }
    }
}
