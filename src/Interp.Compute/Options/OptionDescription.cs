namespace Interp.Compute.Options;

/// <summary>One option of an analysis as a form, a flag or a settings table shows it.</summary>
public sealed record OptionDescription
{
    /// <summary>The property's name ("TargetL0").</summary>
    public required string Name { get; init; }

    /// <summary>The command line's flag ("--target-l0").</summary>
    public required string Flag { get; init; }

    /// <summary>The name in words ("target L0").</summary>
    public required string Label { get; init; }

    /// <summary>One sentence for the person who chooses the value.</summary>
    public required string Description { get; init; }

    /// <summary>What kind of value it takes.</summary>
    public required OptionKind Kind { get; init; }

    /// <summary>The default as text in the invariant culture; empty for none.</summary>
    public required string Default { get; init; }

    /// <summary>The smallest allowed number, inclusive; negative infinity for none.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest allowed number, inclusive; infinity for none.</summary>
    public required double Maximum { get; init; }

    /// <summary>The unit shown after the value, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether a form hides it until asked.</summary>
    public bool Advanced { get; init; }

    /// <summary>Whether no value is allowed.</summary>
    public bool Optional { get; init; }

    /// <summary>The names of a choice; empty for other kinds.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}
