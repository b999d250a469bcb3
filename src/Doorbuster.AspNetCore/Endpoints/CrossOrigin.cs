using System.Collections.Frozen;
using Doorbuster.AspNetCore.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Lets pages of other origins call (the Fetch standard's CORS protocol). It is part of each endpoint and no
/// middleware, so that a host program's own pipeline, and its own rules for its own endpoints, stay as they are.
/// </summary>
internal sealed class CrossOrigin
{
    private const string RequestHeaders =
        "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, Purchase-Token";

    /// <summary>As long as browsers remember a preflight at most.</summary>
    private const string TwoHours = "7200";

    private static readonly StringValues Exposed = "Location, Retry-After, ETag, Date, Preference-Applied";

    private readonly FrozenSet<string> _origins;
    private readonly Func<object, Task> _grant;

    public CrossOrigin(CorsOptions options)
    {
        _origins = options.Origins.ToFrozenSet(StringComparer.Ordinal);
        _grant = state =>
        {
            Grant((HttpContext)state);
            return Task.CompletedTask;
        };
    }

    /// <summary>
    /// Takes its part in a request: the answer, whatever it will be, says who may read it.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="methods">What may be called here.</param>
    /// <returns>Whether it was a preflight, which is answered herewith.</returns>
    public bool Answers(HttpContext context, string methods)
    {
        if (_origins.Count == 0)
        {
            return false;
        }

        // When the answer begins, for a fault discards the headers that are set before.
        context.Response.OnStarting(_grant, context);
        if (!IsPreflight(context.Request))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (MayRead(context.Request))
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowMethods = methods;
            headers.AccessControlAllowHeaders = RequestHeaders;
            headers.AccessControlMaxAge = TwoHours;
        }

        return true;
    }

    private void Grant(HttpContext context)
    {
        // Also where nothing is granted: a cache must not give this answer to another origin.
        var headers = context.Response.Headers;
        headers.Vary = StringValues.Concat(headers.Vary, "Origin");
        if (MayRead(context.Request))
        {
            headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
            headers.AccessControlExposeHeaders = Exposed;
        }
    }

    private bool MayRead(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && _origins.Contains(origin);

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0;
}
