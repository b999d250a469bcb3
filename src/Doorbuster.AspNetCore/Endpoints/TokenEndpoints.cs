using System.Globalization;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// What buyers need before they claim: <c>POST /v1/sales/{id}/purchase-tokens</c>, and <c>POST /v1/guests</c> where a
/// server makes buyers up.
/// </summary>
internal sealed class TokenEndpoints(TimeProvider clock, RandomSource random)
{
    private const int GuestNameLength = 20;

    /// <summary>Gives a buyer the right to try at a sale for a while, before it opens too.</summary>
    public async Task IssueAsync(HttpContext context, Shop shop)
    {
        if (await shop.FindAsync(context.Request.RouteValues["id"] as string) is not { } listing)
        {
            Problem.Write(context, Refusals.SaleNotFound);
            return;
        }

        if (await shop.Callers.RequireBuyerAsync(context) is not { } buyer)
        {
            return;
        }

        if (listing.Sale.StateAt(clock.GetUtcNow()) == SaleState.Closed)
        {
            Problem.Write(context, Refusals.SaleClosed);
        }
        else if (!shop.TokenPace.Allows(buyer, out var wait))
        {
            var seconds = (long)Math.Ceiling(wait.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            Problem.Write(context, Refusals.RateLimited);
        }
        else
        {
            var (token, expiresAt) = shop.Tokens.Issue(listing.Sale.Id, buyer);
            using var json = JsonBuffer.Rent();
            json.Writer.WriteStartObject();
            json.Writer.WriteString("token"u8, token);
            Rfc3339.Write(json.Writer, "expiresAt"u8, expiresAt);
            json.Writer.WriteEndObject();
            Write(context, json);
        }
    }

    /// <summary>Makes up a buyer for whoever asks, where the settings allow it; else there is no such call.</summary>
    public Task MakeGuestAsync(HttpContext context, Shop shop)
    {
        if (shop.Guests is not { } minter)
        {
            Problem.Write(context, Refusals.NotFound);
            return Task.CompletedTask;
        }

        var buyer = BuyerId.Parse($"guest-{random.Name(GuestNameLength)}");
        var token = minter.ForBuyer(buyer);
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("token"u8, token);
        json.Writer.WriteString("buyerId"u8, buyer.Utf8);
        json.Writer.WriteEndObject();
        Write(context, json);
        return Task.CompletedTask;
    }

    private static void Write(HttpContext context, JsonBuffer json)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        Reply.Write(context.Response, StatusCodes.Status201Created, Reply.Json, json.Written);
    }
}
