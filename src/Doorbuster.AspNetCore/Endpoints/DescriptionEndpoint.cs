using System.Text;
using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>GET /openapi/v1.json</c>: the contract, as OpenAPI 3.1 has it. It is written by hand, in
/// <c>docs/reference/openapi.json</c>: our endpoints say nothing that a generator could read, and tests hold every
/// answer to it.
/// </summary>
internal sealed class DescriptionEndpoint(string prefix)
{
    private const string Resource = "Doorbuster.openapi.json";
    private const string Server = "\"url\": \"/\"";

    private static readonly Lazy<string> Document = new(Load);

    /// <summary>Shows the document, with the address under which this program serves it.</summary>
    public Task ShowAsync(HttpContext context)
    {
        var root = $"{context.Request.PathBase}{prefix}";
        var text = root.Length == 0
            ? Document.Value
            : Document.Value.Replace(Server, $"\"url\": \"{JsonEncodedText.Encode(root)}\"", StringComparison.Ordinal);
        context.Response.Headers.CacheControl = Reply.OneSecond;
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, Encoding.UTF8.GetBytes(text));
        return Task.CompletedTask;
    }

    private static string Load()
    {
        var stream = typeof(DescriptionEndpoint).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
