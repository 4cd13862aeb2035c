using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>One run's page.</summary>
public partial class RunDetails
{
    /// <summary>The run's id.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private RunModel Model { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnParametersSet() => Model.Load(Id);
}
