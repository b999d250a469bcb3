using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// <c>GET /v1/live</c>: the figures of sales that matter now, once a second, as an event stream; the operator's.
/// </summary>
internal sealed class BoardEndpoint(RandomSource random)
{
    private const string SaleQuery = "saleId";

    private readonly Comeback _comeback = new(random);

    /// <summary>Tells the figures until the operator leaves; with <c>?saleId=</c>, those of one sale.</summary>
    public async Task WatchAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        SaleId? only = null;
        if (context.Request.Query.ContainsKey(SaleQuery))
        {
            if (await shop.FindAsync(context.Request.Query[SaleQuery]) is not { } listing)
            {
                Problem.Write(context, Refusals.SaleNotFound);
                return;
            }

            only = listing.Sale.Id;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            EventStreamTransport.WriteHead(context);
            return;
        }

        await WatchAsync(context, shop, only);
    }

    private async Task WatchAsync(HttpContext context, Shop shop, SaleId? only)
    {
        using var watcher = shop.Board.Watch(only, context.Abort);
        if (watcher is null)
        {
            context.Response.Headers.RetryAfter = _comeback.DrawSeconds();
            Problem.Write(context, Refusals.Busy);
            return;
        }

        try
        {
            using var transport = new EventStreamTransport(context, watcher);
            await new LiveSession(watcher, transport, _comeback).RunAsync();
        }
        catch (Exception fault) when (Departure.Is(fault))
        {
            // The operator has closed the page.
        }
    }
}
