using Interp.Analysis.Circles.Planes;

namespace Interp.Analysis.Circles.Find;

/// <summary>Where in the ranking the words of a cycle lie on a circle first.</summary>
public sealed record FoundCycle
{
    /// <summary>The cycle ("weekdays").</summary>
    public required string Cycle { get; init; }

    /// <summary>p.</summary>
    public required int Period { get; init; }

    /// <summary>The rank, from 1, of the first cluster with a plane that is a circle of the cycle; null where there is none among all that were judged.</summary>
    public int? Rank { get; init; }

    /// <summary>The ranks of all clusters with such a plane.</summary>
    public required int[] Ranks { get; init; }

    /// <summary>That cluster's number.</summary>
    public int? Cluster { get; init; }

    /// <summary>The plane's components: of its planes that are circles, the one that explains most of its circle.</summary>
    public int[] Components { get; init; } = [];

    /// <summary>The fit there.</summary>
    public FrequencyFit? Fit { get; init; }

    /// <summary>Of the cluster's tokens, the share that are words of the cycle, 0–1.</summary>
    public double? TokenShare { get; init; }

    /// <summary>The share of assignments of the words to places, drawn at random, with which the plane explains the better of its harmonics at least as well, the true one counted in.</summary>
    public double? PValue { get; init; }

    /// <summary>The share of the probe's plane of the same harmonic that lies in the cluster's plane, mean squared cosine of the principal angles, 0–1.</summary>
    public double? ProbeOverlap { get; init; }

    /// <summary>The 95th percentile of that share over planes drawn at random in the span of the cluster's latents.</summary>
    public double? RandomOverlapQuantile95 { get; init; }

    /// <summary>Random sets of latents, of those judged as controls, with a plane that is a circle of the cycle.</summary>
    public required int ControlSets { get; init; }
}
