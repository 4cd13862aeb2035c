using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Geometry;

/// <summary>One cloud of rows.</summary>
/// <param name="Name">The hook, or the tensor.</param>
/// <param name="Rows">The rows <c>[n, d]</c>, finite; owned by the cloud.</param>
/// <param name="Labels">A label for each row, or null.</param>
public sealed record Cloud(string Name, torch.Tensor Rows, IReadOnlyList<int>? Labels = null) : IDisposable
{
    /// <summary>Refuses rows with numbers that are not finite.</summary>
    /// <exception cref="InterpException">There are some.</exception>
    internal static void RequireFinite(torch.Tensor rows, string name)
    {
        if (!rows.isfinite().all().item<bool>())
        {
            throw new InterpException($"{name} holds numbers that are not finite: drop or mend those rows first");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();
}
