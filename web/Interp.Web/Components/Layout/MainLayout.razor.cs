using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Interp.Web.Components.Layout;

/// <summary>The frame of every page: the menu above, the page below.</summary>
public partial class MainLayout
{
    private static readonly string[] s_fonts = ["system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    // Colours are in css/theme.css, which both themes and the figures read; here is only what MudBlazor writes itself.
    private static readonly MudTheme s_theme = new()
    {
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_fonts, FontSize = "0.9375rem" },
            Button = new ButtonTypography { FontFamily = s_fonts, TextTransform = "none", FontWeight = "600" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // From here on the page answers to clicks; style sheets and tests look for it.
            await Script.InvokeVoidAsync("document.documentElement.setAttribute", "data-live", "yes");
        }
    }
}
