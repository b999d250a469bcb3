using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Notification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// <c>GET /v1/sales/{id}/live</c>: a snapshot of the sale and of the caller's own orders in it, and then every change,
/// over a WebSocket or an event stream.
/// </summary>
internal sealed class LiveEndpoint(TimeProvider clock, RandomSource random)
{
    private static readonly Order[] NoOrders = [];

    private readonly Comeback _comeback = new(random);

    /// <summary>Maps it with all it needs: a program that embeds us need not know of WebSockets.</summary>
    public void Map(IEndpointRouteBuilder endpoints, ResourceMap map)
    {
        var pipeline = endpoints.CreateApplicationBuilder().UseWebSockets();
        pipeline.Run(map.AtShop(InvokeAsync));
        var call = pipeline.Build();
        map.Map("/v1/sales/{id}/live", get: call, connect: call);
    }

    private async Task InvokeAsync(HttpContext context, Shop shop)
    {
        var tokens = PurchaseTokenQuery.Take(context.Request);
        var isSocket = context.WebSockets.IsWebSocketRequest;
        if (await shop.FindAsync(context.Request.RouteValues["id"] as string) is not { } listing)
        {
            Problem.Write(context, Refusals.SaleNotFound);
        }
        else if (!isSocket && !AsksForEvents(context.Request))
        {
            RefuseProtocol(context);
        }
        else if (isSocket && !shop.Origins.Allows(context.Request))
        {
            new Problem(Refusals.Forbidden, "Pages of this origin may not open a WebSocket here.").Write(context);
        }
        else if (await Spectator.OfAsync(context, shop, listing.Sale.Id, tokens) is { } spectator)
        {
            await WatchAsync(context, shop, listing, spectator);
        }
    }

    private async Task WatchAsync(HttpContext context, Shop shop, Listing listing, Spectator spectator)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            EventStreamTransport.WriteHead(context);
            return;
        }

        using var watcher = shop.Live.Watch(listing, spectator.Buyer, context.Abort);
        if (watcher is null)
        {
            context.Response.Headers.RetryAfter = _comeback.DrawSeconds();
            Problem.Write(context, Refusals.Busy);
            return;
        }

        // From here on the watcher is told what happens; what is read now is what happened before.
        var orders = await OrdersAsync(context, shop, listing, spectator);
        watcher.Know(orders);
        try
        {
            await (context.WebSockets.IsWebSocketRequest
                ? OverSocketAsync(context, listing, watcher, orders)
                : OverEventsAsync(context, listing, watcher, orders));
        }
        catch (Exception fault) when (Departure.Is(fault))
        {
            // The client has hung up; so may anyone, at any time.
        }
    }

    private async Task OverSocketAsync(
        HttpContext context, Listing listing, Watcher watcher, IReadOnlyList<Order> orders)
    {
        var transport = await WebSocketTransport.AcceptAsync(context, watcher, clock);
        await RunAsync(transport, listing, watcher, orders);
    }

    private async Task OverEventsAsync(
        HttpContext context, Listing listing, Watcher watcher, IReadOnlyList<Order> orders)
    {
        using var transport = new EventStreamTransport(context, watcher);
        await RunAsync(transport, listing, watcher, orders);
    }

    private Task RunAsync(ILiveTransport transport, Listing listing, Watcher watcher, IReadOnlyList<Order> orders)
    {
        var now = clock.GetUtcNow();
        var showing = Showing.Of(listing, now);
        var snapshot = LiveText.Snapshot(showing, orders, now, _comeback.Draw());
        return new LiveSession(watcher, transport, _comeback).RunAsync(snapshot, showing);
    }

    private static async ValueTask<IReadOnlyList<Order>> OrdersAsync(
        HttpContext context, Shop shop, Listing listing, Spectator spectator)
    {
        if (spectator.Buyer is not { } buyer)
        {
            return NoOrders;
        }

        return await shop.Orders.OfBuyerAsync(listing, buyer, ids => ids, context.RequestAborted);
    }

    private static bool AsksForEvents(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(
            EventStreamTransport.ContentType, StringComparison.OrdinalIgnoreCase) && type.Quality != 0);

    private static void RefuseProtocol(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            headers.Upgrade = "websocket";
            headers.Connection = "Upgrade";
        }

        headers.SecWebSocketVersion = "13";
        Problem.Write(context, Refusals.UpgradeRequired);
    }
}
