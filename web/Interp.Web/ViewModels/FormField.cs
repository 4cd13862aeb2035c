using Interp.Compute.Options;

namespace Interp.Web.ViewModels;

/// <summary>One option on its way through a form: its description, the text in its field, and what is wrong with that.</summary>
public sealed class FormField(OptionDescription option)
{
    /// <summary>What the option means and takes.</summary>
    public OptionDescription Option { get; } = option;

    /// <summary>The text in the field.</summary>
    public string Text { get; set; } = option.Default;

    /// <summary>What is wrong with the text, one line; null when it will do.</summary>
    public string? Error { get; set; }

    /// <summary>Values worth offering; empty where none are known.</summary>
    public IReadOnlyList<string> Offers { get; set; } = [];

    /// <summary>Whether it names hook points of a model.</summary>
    public bool IsHook => Option.Name is "Hook" or "Hooks";

    /// <summary>Whether the text is the default.</summary>
    public bool IsDefault => Text == Option.Default;

    /// <summary>The allowed range in words; empty for none.</summary>
    public string Range => (double.IsInfinity(Option.Minimum), double.IsInfinity(Option.Maximum) || Option.Maximum >= long.MaxValue) switch
    {
        (false, false) => $"{Workbench.Figures.NumberText.Of(Option.Minimum)} to {Workbench.Figures.NumberText.Of(Option.Maximum)}",
        (false, true) => $"at least {Workbench.Figures.NumberText.Of(Option.Minimum)}",
        (true, false) => $"at most {Workbench.Figures.NumberText.Of(Option.Maximum)}",
        _ => "",
    };
}
