using Doorbuster.Admission;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Reads <c>POST /v1/sales/{id}/orders</c>. The token comes before everything that costs more than it: a crowd without
/// one is turned away for the price of a hash.
/// </summary>
internal sealed class ClaimReader(Premises premises, RandomSource random)
{
    private const string TokenHeader = "Purchase-Token";
    private const string KeyHeader = "Idempotency-Key";
    private const int DrawnKeyLength = 26;

    private static readonly RequestBody.Parser<int> ParseBody = ClaimBody.Parse;

    private static readonly Problem BadKey = Problem.Invalid(
        KeyHeader, $"1 to {OrderIdMint.MaxIdempotencyKeyBytes} visible ASCII characters, quoted or bare, once.");

    /// <summary>The attempt; null once the request was refused. It usually ends at once.</summary>
    public async ValueTask<ClaimAttempt?> ReadAsync(HttpContext context)
    {
        if (premises.Shop is not { } shop)
        {
            return Refuse(context, Refusals.Busy);
        }

        var sale = context.Request.RouteValues["id"] as string;
        if (!shop.Catalog.TryFind(sale, out var listing) && (listing = await shop.FindAsync(sale)) is null)
        {
            return Refuse(context, Refusals.SaleNotFound);
        }

        var token = TokenCheck.Valid;
        BuyerId buyer;
        if (listing.Sale.RequirePurchaseToken)
        {
            token = CheckToken(context.Request, shop.Tokens, listing.Sale.Id, out buyer);
            if (token == TokenCheck.Invalid)
            {
                return Refuse(context, Refusals.PurchaseTokenInvalid);
            }
        }
        else if (await shop.Callers.RequireBuyerAsync(context) is { } signedIn)
        {
            buyer = signedIn;
        }
        else
        {
            return null;
        }

        if (!TryReadKey(context.Request, out var key))
        {
            BadKey.Write(context);
            return null;
        }

        var (quantity, problem) = await RequestBody.ReadAsync(context.Request, ParseBody);
        if (problem is not null)
        {
            problem.Write(context);
            return null;
        }

        // Without a key of its own a claim repeats nothing; drawing one tells the two apart.
        return new ClaimAttempt(
            shop, listing, buyer, key ?? random.Name(DrawnKeyLength), quantity, token == TokenCheck.Expired);
    }

    private static TokenCheck CheckToken(HttpRequest request, PurchaseTokens tokens, SaleId sale, out BuyerId buyer)
    {
        buyer = default;
        return request.Headers[TokenHeader] is [{ } token] ? tokens.Check(token, sale, out buyer) : TokenCheck.Invalid;
    }

    private static bool TryReadKey(HttpRequest request, out string? key)
    {
        var header = request.Headers[KeyHeader];
        key = null;
        return header.Count == 0 || (header is [{ } value] && IdempotencyKey.TryParse(value, out key));
    }

    private static ClaimAttempt? Refuse(HttpContext context, ProblemKind kind)
    {
        Problem.Write(context, kind);
        return null;
    }
}
