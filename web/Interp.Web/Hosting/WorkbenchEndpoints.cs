using System.Security.Cryptography;
using System.Text;
using Interp.Compute;
using Interp.Web.Components;
using Interp.Workbench.Figures;
using Interp.Workbench.Reports;
using Interp.Workbench.Workspace;
using Microsoft.Net.Http.Headers;

namespace Interp.Web.Hosting;

/// <summary>The pages, and beside them what a browser takes as bytes: figures, reports, parts of a run.</summary>
internal static class WorkbenchEndpoints
{
    public static void MapWorkbench(this WebApplication app)
    {
        app.MapGet("/assets/figures.js", (HttpContext context) => Script(context, ReportAssets.Figures));
        app.MapGet("/assets/plotly.js", (HttpContext context) => Script(context, ReportAssets.Plotly));
        app.MapGet("/runs/{id}/figures/{name}", Figure);
        app.MapGet("/runs/{id}/report.html", Report);
        app.MapGet("/runs/{id}/result.json", (string id, LabWorkspace workspace) => Part(workspace, id, "result.json", "application/json"));
        app.MapGet("/runs/{id}/run.json", (string id, LabWorkspace workspace) => Part(workspace, id, "run.json", "application/json"));
        app.MapGet("/runs/{id}/figures.json", (string id, LabWorkspace workspace) => Part(workspace, id, "figures.json", "application/json"));
        app.MapGet("/runs/{id}/log.txt", (string id, LabWorkspace workspace) => Part(workspace, id, "log.txt", "text/plain; charset=utf-8"));
        app.MapGet("/runs/{id}/tensors.safetensors", (string id, LabWorkspace workspace) => Part(workspace, id, "tensors.safetensors", "application/octet-stream"));

        // Who may frame the pages is said in LocalPages, with the rest of the policy.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static IResult Script(HttpContext context, string script)
    {
        context.Response.Headers.CacheControl = "no-cache";
        var bytes = Encoding.UTF8.GetBytes(script);
        return Results.Bytes(bytes, "text/javascript; charset=utf-8", entityTag: TagOf(bytes));
    }

    private static IResult Figure(string id, string name, LabWorkspace workspace) => OfRun(workspace, id, run =>
    {
        if (run.Figures.FirstOrDefault(figure => figure.Name == name) is not { } figure)
        {
            return Results.NotFound();
        }

        var bytes = FigurePacker.ToBytes(figure);
        return Results.Bytes(bytes, "application/octet-stream", entityTag: TagOf(bytes));
    });

    // The report that the run wrote itself, or one made now of the run and, if it is a whole line, its stages.
    private static IResult Report(string id, LabWorkspace workspace) => OfRun(workspace, id, run =>
    {
        var name = $"{id}-report.html";
        if (run.ReportPath is { } path)
        {
            return Results.File(path, "text/html; charset=utf-8", name);
        }

        var stages = run.Manifest.Runs.Where(workspace.Store.Contains).Select(workspace.OpenRun);
        return Results.Stream(
            async stream =>
            {
                // Composed in memory: a response's stream takes no synchronous writes.
                using var whole = new MemoryStream();
                ReportWriter.Write(whole, run.Manifest.Title, [run, .. stages]);
                whole.Position = 0;
                await whole.CopyToAsync(stream);
            },
            "text/html; charset=utf-8",
            name);
    });

    private static IResult Part(LabWorkspace workspace, string id, string file, string type) => OfRun(workspace, id, run =>
    {
        var path = Path.Combine(run.Folder, file);
        return File.Exists(path) ? Results.File(path, type, $"{id}-{file}", enableRangeProcessing: true) : Results.NotFound();
    });

    private static IResult OfRun(LabWorkspace workspace, string id, Func<RunRecord, IResult> answer)
    {
        try
        {
            return workspace.Store.Contains(id) ? answer(workspace.OpenRun(id)) : Results.NotFound();
        }
        catch (InterpException)
        {
            // Deleted between the question and the answer.
            return Results.NotFound();
        }
    }

    private static EntityTagHeaderValue TagOf(byte[] bytes) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
}
