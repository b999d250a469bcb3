using System.Text;
using System.Text.Encodings.Web;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>GET /problems/{name}</c>: what a problem type means and what to do, as a page for a browser, else as JSON.
/// </summary>
internal static class ProblemEndpoint
{
    public static Task ShowAsync(HttpContext context)
    {
        if (context.Request.RouteValues["name"] is not string name
            || !Refusals.ByName.TryGetValue(name, out var kind))
        {
            Problem.Write(context, Refusals.NotFound);
            return Task.CompletedTask;
        }

        context.Response.Headers.Vary = "Accept";
        if (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            var page = Encoding.UTF8.GetBytes(Html(kind));
            Reply.Write(context.Response, StatusCodes.Status200OK, "text/html; charset=utf-8", page);
            return Task.CompletedTask;
        }

        using var json = JsonBuffer.Rent();
        kind.WriteStart(json.Writer);
        json.Writer.WriteString("meaning"u8, kind.Meaning);
        json.Writer.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, json.Written);
        return Task.CompletedTask;
    }

    private static string Html(ProblemKind kind)
    {
        var html = HtmlEncoder.Default;
        return $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{kind.Name}</title>
            <body style="font: 1.1rem/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem">
            <h1>{html.Encode(kind.Title)}</h1>
            <p><code>{kind.Name}</code>, answered with status {kind.Status}</p>
            <p>{html.Encode(kind.Meaning)}</p>
            </body>
            </html>

            """;
    }
}
