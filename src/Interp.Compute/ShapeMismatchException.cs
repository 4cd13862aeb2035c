namespace Interp.Compute;

/// <summary>A tensor does not have the shape that an operation needs.</summary>
public sealed class ShapeMismatchException : InterpException
{
    /// <summary>Creates the failure; the message names the tensor, the expected and the actual shape.</summary>
    /// <param name="what">The tensor, in the user's terms ("input ids", "W_dec of layer 3").</param>
    /// <param name="expected">The expected shape with axis names, for example <c>[batch, position, d_model]</c>.</param>
    /// <param name="actual">The actual sizes.</param>
    public ShapeMismatchException(string what, string expected, ReadOnlySpan<long> actual)
        : base($"{what} should be {expected} but is [{string.Join(", ", actual.ToArray())}]")
    {
    }
}
