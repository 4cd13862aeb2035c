using Interp.Analysis;

namespace Interp.Web.ViewModels;

/// <summary>The kinds of source in words.</summary>
internal static class SourceWords
{
    public static IReadOnlyList<(SourceKinds Kind, string Word)> All { get; } =
    [
        (SourceKinds.Model, "model"),
        (SourceKinds.Tensor, "tensor"),
        (SourceKinds.Text, "text"),
        (SourceKinds.Activations, "activations"),
        (SourceKinds.Dictionary, "dictionary"),
    ];
}
