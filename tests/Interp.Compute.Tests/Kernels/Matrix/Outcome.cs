using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Matrix;

/// <summary>What an entry gave: numbers, or the line with which it refused.</summary>
/// <param name="Parts">Tensors; null for a refusal.</param>
/// <param name="Refusal">The line; null for numbers.</param>
internal sealed record Outcome(Tensor[]? Parts, string? Refusal)
{
    /// <summary>Numbers.</summary>
    public static Outcome Of(params Tensor[] parts) => new(parts, null);

    /// <summary>What a call gives, or its refusal.</summary>
    public static Outcome Of(Func<Tensor[]> call)
    {
        try
        {
            return new Outcome(call(), null);
        }
        catch (Exception e) when (e is InterpException or ArgumentException)
        {
            return new Outcome(null, e.Message);
        }
    }
}
