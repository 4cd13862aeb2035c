using Interp.Analysis;

namespace Interp.Web.ViewModels;

/// <summary>One source in a form: what it is, what may be chosen, and what was.</summary>
public sealed class SourceField(SourceKinds kind, string key, string label, string help, IReadOnlyList<SourceOffer> offers)
{
    /// <summary>The kind.</summary>
    public SourceKinds Kind { get; } = kind;

    /// <summary>The key in the page's address.</summary>
    public string Key { get; } = key;

    /// <summary>The field's name.</summary>
    public string Label { get; } = label;

    /// <summary>What to put there.</summary>
    public string Help { get; } = help;

    /// <summary>What is at hand.</summary>
    public IReadOnlyList<SourceOffer> Offers { get; } = offers;

    /// <summary>The text in the field.</summary>
    public string Text { get; set; } = "";

    /// <summary>The text, or null for none.</summary>
    public string? Value => string.IsNullOrWhiteSpace(Text) ? null : Text.Trim();
}
