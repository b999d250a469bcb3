using Doorbuster.Admission;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Live;

/// <summary>Who watches: a buyer, or nobody in particular.</summary>
/// <param name="Buyer">Whose orders are told; null for whoever brings no token.</param>
internal sealed record Spectator(BuyerId? Buyer)
{
    private const string TokenHeader = "Purchase-Token";

    private static readonly Spectator Anyone = new(Buyer: null);

    /// <summary>
    /// Finds out who watches; null once the request was refused. A purchase token says it, in its header or in the
    /// address; without one, who is signed in.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="shop">Checks tokens.</param>
    /// <param name="sale">The sale that is watched.</param>
    /// <param name="inAddress">The purchase tokens of the address.</param>
    public static async ValueTask<Spectator?> OfAsync(
        HttpContext context, Shop shop, SaleId sale, StringValues inAddress)
    {
        var tokens = context.Request.Headers[TokenHeader] is { Count: > 0 } inHeader ? inHeader : inAddress;
        if (tokens.Count > 0)
        {
            if (tokens is [{ } token] && shop.Tokens.Check(token, sale, out var holder) == TokenCheck.Valid)
            {
                return new Spectator(holder);
            }

            Problem.Write(context, Refusals.PurchaseTokenInvalid);
            return null;
        }

        if (!await shop.Callers.AreNamedAsync(context))
        {
            return Anyone;
        }

        return await shop.Callers.RequireAsync(context) is { } caller ? new Spectator(caller.Buyer) : null;
    }
}
