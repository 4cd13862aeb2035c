namespace Interp.Analysis.Geometry;

/// <summary>The geometry of one or more clouds.</summary>
public sealed record GeometryResult
{
    /// <summary>The model or the tensor.</summary>
    public required string Source { get; init; }

    /// <summary>Whether rows were scaled to unit length first.</summary>
    public required bool UnitRows { get; init; }

    /// <summary>The clouds: by checkpoint, then by hook in firing order.</summary>
    public required IReadOnlyList<CloudGeometry> Clouds { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
