using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// <c>?purchaseToken=</c>, for a browser's WebSocket and EventSource, which send no headers of one's own. An address is
/// logged in more places than a header, so the token is taken out of it before anything else happens.
/// </summary>
/// <remarks>
/// ASP.NET Core itself writes a request's address to the log as it begins, before any of this runs:
/// <c>Microsoft.AspNetCore.Hosting.Diagnostics</c> at level Information, which <c>doorbuster serve</c> keeps silent.
/// </remarks>
internal static class PurchaseTokenQuery
{
    private const string Name = "purchaseToken";

    /// <summary>Takes the parameter's values; empty where there is none.</summary>
    public static StringValues Take(HttpRequest request)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue(Name, out var values))
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
