using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Circles.Planes;

/// <summary>Points with a residue each.</summary>
/// <param name="Name">What the points are, in words.</param>
/// <param name="Points">The points <c>[n, d]</c>, any real dtype; owned by this record.</param>
/// <param name="Labels">The residue of each point, 0 … modulus − 1.</param>
/// <param name="Modulus">The number of residues p.</param>
public sealed record LabelledPoints(string Name, torch.Tensor Points, IReadOnlyList<int> Labels, int Modulus) : IDisposable
{
    /// <summary>The most residues: every frequency's circle is fitted on every point.</summary>
    public const int LargestModulus = 1024;

    /// <summary>Takes rows whose labels are their numbers, repeated after every modulus.</summary>
    /// <param name="name">What the points are, in words.</param>
    /// <param name="points">The points <c>[n, d]</c>; taken over.</param>
    /// <param name="modulus">The number of residues; 0 takes n.</param>
    /// <exception cref="InterpException">The points have another shape, or cannot carry so many residues.</exception>
    public static LabelledPoints InOrder(string name, torch.Tensor points, int modulus)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.dim() != 2 || points.shape[0] < 3 || points.shape[1] < 2)
        {
            throw new ShapeMismatchException(name, "[n ≥ 3, d ≥ 2]", points.shape);
        }

        var rows = (int)points.shape[0];
        var residues = modulus == 0 ? rows : modulus;
        return residues >= 3 && residues <= Math.Min(rows, LargestModulus)
            ? new LabelledPoints(name, points, [.. Enumerable.Range(0, rows).Select(row => row % residues)], residues)
            : throw new InterpException($"{name} has {rows} rows, which cannot carry {residues} labels: choose a modulus from 3 to {Math.Min(rows, LargestModulus)}");
    }

    /// <inheritdoc/>
    public void Dispose() => Points.Dispose();
}
