using Doorbuster.AspNetCore.Identity;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// Which pages may open a WebSocket. A browser asks nobody before it does (RFC 6455, section 10.2), so the server looks
/// at the Origin that it sends: the server's own pages, and those that CORS lets in.
/// </summary>
/// <param name="origins">Origins that are let in beside the server's own, such as <c>https://shop.example</c>.</param>
internal sealed class OriginRule(IReadOnlyList<string> origins)
{
    /// <summary>Whether the request comes from such a page, or from no page at all.</summary>
    public bool Allows(HttpRequest request) =>
        request.Headers.Origin switch
        {
            [] => true,
            [{ } origin] => ForeignPage.IsOwn(origin, request.Host)
                || origins.Contains(origin, StringComparer.OrdinalIgnoreCase),
            _ => false,
        };
}
