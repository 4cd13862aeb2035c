using Interp.Analysis;
using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;
using MudBlazor;
using MudBlazor.Services;

namespace Interp.Web.Hosting;

/// <summary>What the pages are given: one workspace, one queue, the catalogue, and a view-model a page.</summary>
internal static class WorkbenchServices
{
    public static IServiceCollection AddWorkbench(this IServiceCollection services, string? workspaceFolder)
    {
        services.AddMudServices(configuration => configuration.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight);
        services.AddSingleton(_ => LabWorkspace.Open(WorkspaceFolders.Choose(workspaceFolder)));

        // One queue for all tabs: closing a page stops nothing.
        services.AddSingleton(provider => new JobQueue(provider.GetRequiredService<LabWorkspace>()));
        services.AddSingleton(new AnalysisList(AnalysisCatalogue.All));
        services.AddTransient<HomeModel>();
        services.AddTransient<ModelsModel>();
        services.AddTransient<ModelModel>();
        services.AddTransient<AnalysisFormModel>();
        services.AddTransient<JobsModel>();
        services.AddTransient<RunsModel>();
        services.AddTransient<RunModel>();
        return services;
    }
}
