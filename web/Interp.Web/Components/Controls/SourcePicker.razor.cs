using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Controls;

/// <summary>The field of one source: free text, with what is at hand on offer.</summary>
public partial class SourcePicker
{
    /// <summary>The source.</summary>
    [Parameter]
    [EditorRequired]
    public SourceField Field { get; set; } = null!;

    /// <summary>Called after the text changed.</summary>
    [Parameter]
    public EventCallback OnChange { get; set; }

    private string Id => $"source-{Field.Key}";

    private Task Change(ChangeEventArgs change)
    {
        Field.Text = change.Value?.ToString() ?? "";
        return OnChange.InvokeAsync();
    }
}
