namespace Interp.Analysis.Capacity.Packing;

/// <summary>A packing beside its bounds, and the forms fitted to packings.</summary>
public sealed record PackingResult
{
    /// <summary>k.</summary>
    public required int Vectors { get; init; }

    /// <summary>d.</summary>
    public required int Dimension { get; init; }

    /// <summary>p of the loss.</summary>
    public required int Power { get; init; }

    /// <summary>The optimiser's rate.</summary>
    public required double Rate { get; init; }

    /// <summary>The steps at which <see cref="LargestCosines"/> were taken.</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    /// <summary>The largest |cosine| at those steps, the first before any.</summary>
    public required IReadOnlyList<double> LargestCosines { get; init; }

    /// <summary>The largest |cosine| of the packing made; null where none was.</summary>
    public required double? Epsilon { get; init; }

    /// <summary>The least largest |cosine| of the random draws; null where no packing was made.</summary>
    public required double? RandomEpsilon { get; init; }

    /// <summary>The Welch bound, which no packing passes.</summary>
    public required double WelchBound { get; init; }

    /// <summary>ε by the four-parameter form, with the published parameters.</summary>
    public required double FourParameter { get; init; }

    /// <summary>ε by the one-parameter form, with the published parameter.</summary>
    public required double OneParameter { get; init; }

    /// <summary>The forms fitted to the packings: judge them by the cells with k above d and by the held-out error.</summary>
    public required IReadOnlyList<PackingFit> Fits { get; init; }

    /// <summary>The fit of the Johnson–Lindenstrauss form to the published random packings.</summary>
    public required PackingFit RandomFit { get; init; }

    /// <summary>The packings fitted to.</summary>
    public required IReadOnlyList<PackingCell> Cells { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
