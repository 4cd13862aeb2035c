namespace Interp.Analysis.Capacity;

/// <summary>The two classes that published models fall into.</summary>
public enum CapacityClass
{
    /// <summary>ε below 0.1: the directions are nearly orthogonal and the capacity is finite ("Class 2").</summary>
    NearOrthogonal,

    /// <summary>ε of 0.1 or more: the formula still gives a number, but it means nothing ("Class 1").</summary>
    Dense,
}
