namespace Interp.Analysis.Circles.Helix;

/// <summary>How well a helix explains activations of numbers, beside other bases.</summary>
public sealed record HelixResult
{
    /// <summary>Numbers, the rows of the input.</summary>
    public required int Numbers { get; init; }

    /// <summary>The width of the activations.</summary>
    public required int Dimension { get; init; }

    /// <summary>Numbers held out of every fit.</summary>
    public required int HeldOutNumbers { get; init; }

    /// <summary>Principal components of the fitted numbers' rows.</summary>
    public required int Components { get; init; }

    /// <summary>The helix, then the bases that it is compared with.</summary>
    public required HelixFit[] Fits { get; init; }

    /// <summary>What the helix loses of its held-out R² without each of its parts.</summary>
    public required HelixPart[] Parts { get; init; }

    /// <summary>The mean held-out R² of helices fitted to shuffled numbers.</summary>
    public required double NullMean { get; init; }

    /// <summary>Their 95th percentile.</summary>
    public required double NullQuantile95 { get; init; }

    /// <summary>What to keep in mind when reading the numbers, one line each.</summary>
    public required string[] Warnings { get; init; }
}

/// <summary>One basis.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Rank">Its rank on the fitted numbers.</param>
/// <param name="R2">Variance of the fitted numbers' activations explained, all directions counted.</param>
/// <param name="HeldOutR2">The same of the numbers held out; may be negative.</param>
public sealed record HelixFit(string Name, int Rank, double R2, double HeldOutR2);

/// <summary>One part of the helix.</summary>
/// <param name="Name">A period, or the line.</param>
/// <param name="Loss">What the helix loses of its held-out R² without it.</param>
public sealed record HelixPart(string Name, double Loss);
