using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>Handles one call at the open shop.</summary>
internal delegate Task ShopCall(HttpContext context, Shop shop);

/// <summary>What may be called at a resource, as <c>Allow</c> says it; kept with its endpoint.</summary>
internal sealed record ResourceMethods(string Allow);

/// <summary>Kept with the endpoint of a page that people look at, which is no part of the contract.</summary>
internal sealed record PageMark;

/// <summary>
/// Maps resources, each with all its methods in one endpoint. Where ASP.NET chooses among endpoints by method, its
/// refusal of the others has no body; here it is a problem like any other, and choosing costs a comparison.
/// </summary>
/// <param name="endpoints">Where they are mapped.</param>
/// <param name="premises">The way to the engine.</param>
/// <param name="crossOrigin">
/// Which foreign pages may call; asked for with the first request, for settings are read when the host starts.
/// </param>
/// <param name="logger">Where faults are told.</param>
internal sealed class ResourceMap(
    IEndpointRouteBuilder endpoints, Premises premises, Lazy<CrossOrigin> crossOrigin, ILogger logger)
{
    /// <summary>Maps a resource whose calls need nothing but the request.</summary>
    /// <param name="pattern">Its path.</param>
    /// <param name="get">Answers GET and HEAD.</param>
    /// <param name="post">Answers POST.</param>
    /// <param name="patch">Answers PATCH.</param>
    /// <param name="connect">Answers CONNECT, by which HTTP/2 opens a WebSocket (RFC 8441).</param>
    /// <returns>The endpoint, for what else is to be kept with it.</returns>
    public IEndpointConventionBuilder Map(
        string pattern,
        RequestDelegate? get = null,
        RequestDelegate? post = null,
        RequestDelegate? patch = null,
        RequestDelegate? connect = null)
    {
        (RequestDelegate? Call, string Methods)[] known = [(get, "GET, HEAD"), (post, "POST"), (patch, "PATCH")];
        var allow = string.Join(", ", known.Where(one => one.Call is not null).Select(one => one.Methods));

        return endpoints.Map(pattern, context =>
        {
            if (crossOrigin.Value.Answers(context, allow))
            {
                return Task.CompletedTask;
            }

            // The case of a method counts (RFC 9110, section 9.1), which ASP.NET's own comparison overlooks.
            var method = context.Request.Method;
            var call = method == HttpMethods.Post ? post
                : method == HttpMethods.Get || method == HttpMethods.Head ? get
                : method == HttpMethods.Connect ? connect
                : method == HttpMethods.Patch ? patch
                : null;
            if (call is not null)
            {
                return call(context);
            }

            context.Response.Headers.Allow = allow;
            Problem.Write(context, Refusals.MethodNotAllowed);
            return Task.CompletedTask;
        }).WithDisplayName($"Doorbuster {pattern}").WithMetadata(new ResourceMethods(allow));
    }

    /// <summary>Maps a page, or something that a page needs.</summary>
    public void MapPage(string pattern, RequestDelegate get) => Map(pattern, get).WithMetadata(new PageMark());

    /// <summary>A call at the engine: refused while the shop is shut, answered for whatever it throws.</summary>
    public RequestDelegate AtShop(ShopCall call) => async context =>
    {
        if (RequestBody.IsTooLarge(context.Request))
        {
            Problem.Write(context, Refusals.PayloadTooLarge);
        }
        else if (premises.Shop is not { } shop)
        {
            Problem.Write(context, Refusals.Busy);
        }
        else
        {
            try
            {
                await call(context, shop);
            }
            catch (Exception fault) when (Faults.IsOurs(context, fault))
            {
                Faults.Answer(context, fault, logger);
            }
        }
    };
}
