using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// <c>?purchaseToken=</c>, for a browser's WebSocket and EventSource, which send no headers of one's own. An address is
/// logged in more places than a header, so the token is taken out of it before anything else happens:
/// <see cref="RequestLogGuard"/> sees to it before ASP.NET Core itself logs the address, and the endpoint where nobody
/// has.
/// </summary>
internal static class PurchaseTokenQuery
{
    private const string Name = "purchaseToken";
    private const string Sales = "/v1/sales/";

    private static readonly object Taken = new();

    /// <summary>Takes the parameter out of the address of a watcher; the endpoint still finds its values.</summary>
    public static void Hide(HttpRequest request)
    {
        // A program that hosts us may have a parameter of that name elsewhere, and it is none of ours.
        if (request.QueryString.HasValue && request.Path.Value?.Contains(Sales, StringComparison.Ordinal) == true
            && request.QueryString.Value!.Contains(Name, StringComparison.OrdinalIgnoreCase))
        {
            request.HttpContext.Items[Taken] = Redact(request);
        }
    }

    /// <summary>Takes the parameter's values; empty where there is none.</summary>
    public static StringValues Take(HttpRequest request) =>
        request.HttpContext.Items.TryGetValue(Taken, out var taken) ? (StringValues)taken!
        : request.QueryString.HasValue ? Redact(request)
        : StringValues.Empty;

    private static StringValues Redact(HttpRequest request)
    {
        if (!request.Query.TryGetValue(Name, out var values))
        {
            return StringValues.Empty;
        }

        request.QueryString = new QueryString($"?{Name}=redacted");
        if (request.HttpContext.Features.Get<IHttpRequestFeature>() is { } raw)
        {
            raw.RawTarget = $"{request.PathBase}{request.Path}{request.QueryString}";
        }

        return values;
    }
}
