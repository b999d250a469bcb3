using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Identity;

/// <summary>
/// Finds out who calls, where an endpoint must know: whom the host program has signed in, else whom a bearer token
/// names. It is no middleware and no authentication scheme, because ASP.NET would then check a token on each request,
/// and a claim with a purchase token needs none.
/// </summary>
/// <param name="host">The host program's sign-in; null where it has told us of none.</param>
/// <param name="tokens">Tokens that are accepted; null where the host program alone says who calls.</param>
internal sealed class Callers(HostIdentity? host, BearerTokens? tokens)
{
    private static readonly string NoBuyer =
        $"The caller's id is no buyer id: 1 to {BuyerId.MaxBytes} bytes without control characters.";

    /// <summary>The caller who is a buyer; null once the request was refused.</summary>
    public async ValueTask<BuyerId?> RequireBuyerAsync(HttpContext context)
    {
        if (await RequireAsync(context) is not { } caller)
        {
            return null;
        }

        if (caller.Buyer is null)
        {
            new Problem(Refusals.Forbidden, NoBuyer).Write(context);
        }

        return caller.Buyer;
    }

    /// <summary>Whether an operator calls; false once the request was refused.</summary>
    public async ValueTask<bool> RequireOperatorAsync(HttpContext context)
    {
        if (await RequireAsync(context) is not { } caller)
        {
            return false;
        }

        if (!caller.IsOperator)
        {
            new Problem(Refusals.Forbidden, "This call is an operator's.").Write(context);
        }

        return caller.IsOperator;
    }

    /// <summary>The caller; null once the request was refused.</summary>
    public async ValueTask<Caller?> RequireAsync(HttpContext context)
    {
        if (host is not null && await host.FindAsync(context) is { } user)
        {
            if (!ForeignPage.Made(context.Request))
            {
                return Caller.Of(user);
            }

            new Problem(Refusals.Forbidden, "A page of another origin made this call.").Write(context);
            return null;
        }

        if (tokens is null || (host is not null && context.Request.Headers.Authorization.Count == 0))
        {
            return Refuse(context, host!.Challenge, "Nobody is signed in.");
        }

        return await tokens.ReadAsync(context);
    }

    /// <summary>Whether the request says who calls, truly or not; else anyone does.</summary>
    public async ValueTask<bool> AreNamedAsync(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0
        || (host is not null && await host.FindAsync(context) is not null);

    /// <summary>Answers that nobody knows who calls.</summary>
    /// <returns>Nobody.</returns>
    internal static Caller? Refuse(HttpContext context, string challenge, string detail)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        new Problem(Refusals.Unauthenticated, detail).Write(context);
        return null;
    }
}
