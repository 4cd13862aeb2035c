using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>The list of models.</summary>
public partial class Models
{
    [Inject]
    private ModelsModel Model { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Model.Load();
}
