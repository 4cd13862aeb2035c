using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using XTypes = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum;
using YTypes = Plotly.Blazor.LayoutLib.YAxisLib.TypeEnum;

namespace Interp.Analysis;

/// <summary>Layouts that most figures share: a title and two named axes.</summary>
internal static class FigureLayout
{
    /// <summary>A layout with linear axes.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="x">The horizontal axis with its unit.</param>
    /// <param name="y">The vertical axis with its unit.</param>
    public static Layout Linear(string title, string x, string y) => Of(title, x, XTypes.Linear, y, YTypes.Linear);

    /// <summary>A layout whose horizontal axis is logarithmic.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Layout LogX(string title, string x, string y) => Of(title, x, XTypes.Log, y, YTypes.Linear);

    /// <summary>A layout whose vertical axis is logarithmic.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Layout LogY(string title, string x, string y) => Of(title, x, XTypes.Linear, y, YTypes.Log);

    /// <summary>A layout with two logarithmic axes.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Layout LogLog(string title, string x, string y) => Of(title, x, XTypes.Log, y, YTypes.Log);

    /// <summary>A layout for named columns and rows, as of a heat map.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Layout Named(string title, string x, string y) => Of(title, x, XTypes.Category, y, YTypes.Category);

    /// <summary>A layout with named columns and numbers upwards, as of bars.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Layout Categories(string title, string x, string y) => Of(title, x, XTypes.Category, y, YTypes.Linear);

    private static Layout Of(string title, string x, XTypes xType, string y, YTypes yType) => new()
    {
        Title = new Title { Text = title },
        XAxis = [new XAxis { Title = new() { Text = x }, Type = xType }],
        YAxis = [new YAxis { Title = new() { Text = y }, Type = yType }],
    };
}
