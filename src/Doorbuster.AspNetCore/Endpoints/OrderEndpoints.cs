using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Orders: <c>GET /v1/orders/{id}</c> and <c>GET /v1/orders?saleId=</c>. An order is its buyer's alone: to anyone else
/// it does not exist, and the answer is the same byte for byte.
/// </summary>
internal static class OrderEndpoints
{
    /// <summary>Shows an order to its buyer, or to an operator.</summary>
    public static async Task ShowAsync(HttpContext context, Shop shop)
    {
        if (await shop.Callers.RequireAsync(context) is not { } caller)
        {
            return;
        }

        if (!OrderId.TryParse(context.Request.RouteValues["id"] as string, out var id)
            || !await MaySeeAsync(shop, caller, id))
        {
            Problem.Write(context, Refusals.OrderNotFound);
            return;
        }

        var found = await shop.Orders.FindAsync(id, caller.Buyer, context.RequestAborted);
        if (found is not { } order || !(caller.IsOperator || order.Buyer == caller.Buyer))
        {
            Problem.Write(context, Refusals.OrderNotFound);
            return;
        }

        context.Response.Headers.CacheControl = Reply.NoStore;
        using var json = JsonBuffer.Rent();
        OrderJson.Write(json.Writer, order, order.Id.ToString(), withBuyer: caller.IsOperator);
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, json.Written);
    }

    /// <summary>Whether an order id was made for this buyer, though no such order need stand.</summary>
    public static async ValueTask<bool> IsGenuineAsync(Shop shop, BuyerId buyer, OrderId id) =>
        await shop.FindAsync(id.Sale.ToString()) is { } listing && listing.OrderIds.IsGenuine(id, buyer);

    /// <summary>Lists a buyer's orders in one sale, in the order in which they were made.</summary>
    public static async Task ListAsync(HttpContext context, Shop shop)
    {
        if (await shop.Callers.RequireAsync(context) is not { } caller)
        {
            return;
        }

        var query = context.Request.Query;
        var (buyer, noBuyer) = BuyerOf(query, caller);
        var (sale, noSale) = SaleOf(query);
        var (page, noPage) = Page.Read(query, static cursor => OrderId.TryParse(cursor, out _));
        if (Problem.OfAll(noBuyer, noSale, noPage) is { } problem)
        {
            problem.Write(context);
        }
        else if (await shop.FindAsync(sale) is not { } listing)
        {
            Problem.Write(context, Refusals.SaleNotFound);
        }
        else
        {
            var orders = await shop.Orders.OfBuyerAsync(
                listing, buyer, ids => [.. After(ids, page)], context.RequestAborted);
            Write(context, caller, orders, page);
        }
    }

    /// <summary>A guess is told from an order before the store is asked; an operator may ask for anything.</summary>
    private static async ValueTask<bool> MaySeeAsync(Shop shop, Caller caller, OrderId id) =>
        caller.IsOperator || (caller.Buyer is { } buyer && await IsGenuineAsync(shop, buyer, id));

    private static Parsed<string> SaleOf(IQueryCollection query) =>
        query["saleId"] is [{ Length: > 0 } sale] ? sale
        : query["saleId"].Count == 0 ? Problem.Invalid("saleId", "It is missing. The id of a sale.")
        : Problem.Invalid("saleId", "The id of a sale, once.");

    /// <summary>Buyers mean themselves; an operator, who has no orders, must say who is meant.</summary>
    private static Parsed<BuyerId> BuyerOf(IQueryCollection query, Caller caller)
    {
        var named = query["buyerId"];
        if (caller.IsOperator)
        {
            return named is [{ } text] && BuyerId.TryParse(text, out var buyer) ? buyer
                : Problem.Invalid("buyerId", named.Count == 0
                    ? "It is missing. An operator says whose orders are meant."
                    : $"The id of a buyer, 1 to {BuyerId.MaxBytes} bytes, once.");
        }

        var isOwn = caller.Buyer is { } self && (named.Count == 0 || (named is [{ } name] && name == self.ToString()));
        return isOwn
            ? caller.Buyer!.Value
            : new Problem(Refusals.Forbidden, "A buyer sees no orders but their own.");
    }

    /// <summary>The ids after the cursor, one more than the page holds: that one tells that there are more.</summary>
    private static IEnumerable<OrderId> After(IReadOnlyList<OrderId> ids, Page page) =>
        (OrderId.TryParse(page.Cursor, out var last) ? ids.SkipWhile(id => id != last).Skip(1) : ids)
            .Take(page.Limit + 1);

    private static void Write(HttpContext context, Caller caller, IReadOnlyList<Order> orders, Page page)
    {
        var shown = orders.Take(page.Limit).ToArray();
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var order in shown)
        {
            OrderJson.Write(json, order, order.Id.ToString(), withBuyer: caller.IsOperator);
        }

        json.WriteEndArray();
        json.WriteString("next"u8, orders.Count > page.Limit ? shown[^1].Id.ToString() : null);
        json.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, buffer.Written);
    }
}
