using Interp.Compute.Options;
using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Controls;

/// <summary>The field of one option, of the kind that its description asks for.</summary>
public partial class OptionField
{
    /// <summary>The option and its text.</summary>
    [Parameter]
    [EditorRequired]
    public FormField Field { get; set; } = null!;

    /// <summary>Called after the text changed.</summary>
    [Parameter]
    public EventCallback<FormField> OnChange { get; set; }

    private string Id => $"option-{Field.Option.Name}";

    private string HelpId => $"{Id}-help";

    private string Label => char.ToUpperInvariant(Field.Option.Label[0]) + Field.Option.Label[1..];

    private string Sentence => Field.Option.Description.EndsWith('.') ? Field.Option.Description : $"{Field.Option.Description}.";

    private string? InputMode => Field.Option.Kind switch
    {
        OptionKind.Integer when Field.Option.Minimum >= 0 => "numeric",
        OptionKind.Integer or OptionKind.Number => "decimal",
        _ => null,
    };

    private Task Change(ChangeEventArgs change) => Set(change.Value?.ToString() ?? "");

    private Task ChangeSwitch(ChangeEventArgs change) => Set(change.Value is true ? "true" : "false");

    private Task Reset() => Set(Field.Option.Default);

    private Task Set(string text)
    {
        Field.Text = text;
        return OnChange.InvokeAsync(Field);
    }
}
