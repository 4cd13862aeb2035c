using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Memories;

/// <summary>The model and its text.</summary>
/// <param name="Model">The model; stays the caller's.</param>
/// <param name="TextFile">A UTF-8 text file that frequencies and successors are counted in, or null.</param>
public sealed record MemoriesInput(LanguageModel Model, string? TextFile)
{
    /// <summary>Takes the model that the sources name.</summary>
    /// <exception cref="InterpException">There is none.</exception>
    public static MemoriesInput Open(AnalysisSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return new MemoriesInput(sources.Model ?? throw new InterpException("memories needs a model: name one"), sources.TextFile);
    }
}
