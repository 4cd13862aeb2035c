namespace Interp.Compute.Options;

/// <summary>
/// Describes one property of an options record: what it means and which values it takes. The command line's flags, the web
/// form and the report's settings table are all made from it.
/// </summary>
/// <param name="description">One sentence for the person who chooses the value.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string description) : Attribute
{
    /// <summary>One sentence for the person who chooses the value.</summary>
    public string Description { get; } = description;

    /// <summary>The smallest allowed number, inclusive.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The largest allowed number, inclusive.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>The unit, as shown after the number ("steps", "nats"), or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether a form hides it until asked; for settings that few people change.</summary>
    public bool Advanced { get; init; }
}
