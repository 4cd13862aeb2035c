namespace Interp.Analysis.Geometry.Objective;

/// <summary>The intrinsic dimension of a recipe's objective.</summary>
public sealed record ObjectiveResult
{
    /// <summary>The recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>The parameters D.</summary>
    public required int Parameters { get; init; }

    /// <summary>The share of full accuracy that counts.</summary>
    public required double Share { get; init; }

    /// <summary>The training of all parameters.</summary>
    public required SubspaceTraining Full { get; init; }

    /// <summary>The trainings in subspaces, by dimension.</summary>
    public required IReadOnlyList<SubspaceTraining> Subspaces { get; init; }

    /// <summary>The least dimension tried whose median training accuracy is enough; null where none is.</summary>
    public required int? TrainingDimension { get; init; }

    /// <summary>The same by held-out accuracy.</summary>
    public required int? HeldOutDimension { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
