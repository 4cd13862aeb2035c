using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Irreps;

/// <summary>On which group the functions are, and when one counts as concentrated.</summary>
public sealed record IrrepsOptions
{
    /// <summary>The group.</summary>
    [Option("The group whose elements are the rows, in the order that the guide gives")]
    public GroupKind Group { get; init; }

    /// <summary>n of the group; 0 takes it from the number of rows.</summary>
    [Option("n of the group: Zn, Dn with 2n elements, Sn with n! elements; 0 takes it from the number of rows", Minimum = 0, Maximum = 1024)]
    public int Degree { get; init; }

    /// <summary>The share of a function's power that one irreducible representation must have.</summary>
    [Option("Share of a function's power that one irreducible representation must have for it to count", Minimum = 0, Maximum = 1)]
    public double Threshold { get; init; } = 0.85;
}
