using System.Text.Json;
using Interp.Workbench.Reports;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Controls;

/// <summary>The numbers of a result record, whatever its type.</summary>
public partial class NumbersView
{
    private IReadOnlyList<NumbersTable.Line> _lines = [];
    private IReadOnlyList<NumbersTable.Grid> _grids = [];

    /// <summary>The result as JSON.</summary>
    [Parameter]
    [EditorRequired]
    public JsonElement Result { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _lines = Result.ValueKind == JsonValueKind.Object ? NumbersTable.Lines(Result) : [];
        _grids = Result.ValueKind == JsonValueKind.Object ? NumbersTable.Grids(Result) : [];
    }
}
