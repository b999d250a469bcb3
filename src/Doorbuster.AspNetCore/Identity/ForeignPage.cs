using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>
/// Tells calls that a page of another origin makes with a sign-in that the browser adds by itself (cross-site request
/// forgery). Browsers say so in <c>Sec-Fetch-Site</c> (Fetch Metadata Request Headers, W3C); older ones only name the
/// page's <c>Origin</c>. Who is no browser sends neither, and has nobody else's cookies.
/// </summary>
internal static class ForeignPage
{
    /// <summary>Whether a page of another origin made a call that may change or disclose something.</summary>
    public static bool Made(HttpRequest request)
    {
        // A page can send this header to another origin only if that origin has said so beforehand.
        if (!HasEffect(request) || request.Headers.Authorization.Count > 0)
        {
            return false;
        }

        var site = request.Headers["Sec-Fetch-Site"];
        return site.Count > 0
            ? site is not ["same-origin" or "none"]
            : request.Headers.Origin is [var origin, ..] && !IsOwn(origin, request.Host);
    }

    /// <summary>
    /// Whether an origin is the server's own. Only host and port are compared: a proxy that ends TLS hides the scheme.
    /// </summary>
    public static bool IsOwn(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && host.Host.Equals(page.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is null ? page.IsDefaultPort : host.Port == page.Port);

    /// <summary>Reading is safe, for a foreign page sees no answer; a WebSocket it would see.</summary>
    private static bool HasEffect(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method))
        || request.Headers.Upgrade.Count > 0;
}
