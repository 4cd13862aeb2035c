namespace Interp.Web.Hosting;

/// <summary>
/// Keeps the pages to themselves: a browser may load nothing from elsewhere, other sites may not frame them, and requests that
/// reached a loopback address under another name (a site that rebinds its name to this machine) are refused.
/// </summary>
internal sealed class LocalPages(RequestDelegate next)
{
    // plotly's WebGL traces compile their drawing code while they run; Blazor and MudBlazor set styles on elements.
    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Connection.LocalIpAddress is { } address && System.Net.IPAddress.IsLoopback(address) && !IsLoopbackName(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (!context.Request.Path.Value!.EndsWith("/report.html", StringComparison.Ordinal))
        {
            headers.ContentSecurityPolicy = Policy;
        }

        return next(context);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
