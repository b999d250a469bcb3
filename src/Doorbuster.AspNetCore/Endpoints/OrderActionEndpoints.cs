using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Orders;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// What a buyer does with an order: <c>POST /v1/orders/{id}/cancel</c> and <c>POST /v1/orders/{id}/payments</c>. Both
/// may be made again; an order of another buyer does not exist.
/// </summary>
internal static class OrderActionEndpoints
{
    /// <summary>Gives the order up, so that its units can be bought by others.</summary>
    public static async Task CancelAsync(HttpContext context, Shop shop)
    {
        if (await ReadAsync(context, shop) is not (var id, var buyer))
        {
            return;
        }

        var answer = await shop.OrderDesk.CancelAsync(id, buyer, context.RequestAborted);
        if (Refuse(context, answer, Refusals.OrderNotCancellable))
        {
            return;
        }

        context.Response.Headers.CacheControl = Reply.NoStore;
        using var json = JsonBuffer.Rent();
        OrderJson.Write(json.Writer, answer.Order!, id.ToString());
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, json.Written);
    }

    /// <summary>Opens a payment, or finds the open one, and says where the buyer pays.</summary>
    public static async Task PayAsync(HttpContext context, Shop shop)
    {
        if (await ReadAsync(context, shop) is not (var id, var buyer))
        {
            return;
        }

        var answer = await shop.OrderDesk.PayAsync(id, buyer, context.RequestAborted);
        if (Refuse(context, answer, Refusals.OrderNotPayable))
        {
            return;
        }

        var isNew = answer.Outcome == CommandOutcome.Done;
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("paymentId"u8, answer.Payment!.Id.ToString());
        json.Writer.WriteString("checkoutUrl"u8, answer.Payment.CheckoutUrl?.AbsoluteUri);
        json.Writer.WriteEndObject();
        Reply.Write(
            context.Response, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, Reply.Json, json.Written);
    }

    /// <summary>The order that its buyer names; null once the request was refused.</summary>
    private static async ValueTask<(OrderId Order, BuyerId Buyer)?> ReadAsync(HttpContext context, Shop shop)
    {
        if (await shop.Callers.RequireBuyerAsync(context) is not { } buyer)
        {
            return null;
        }

        if (!OrderId.TryParse(context.Request.RouteValues["id"] as string, out var id)
            || !await OrderEndpoints.IsGenuineAsync(shop, buyer, id))
        {
            Problem.Write(context, Refusals.OrderNotFound);
            return null;
        }

        var (_, problem) = await RequestBody.ReadAsync<bool>(context.Request, NoWish.Read);
        problem?.Write(context);
        return problem is null ? (id, buyer) : null;
    }

    private static bool Refuse(HttpContext context, in OrderAnswer answer, ProblemKind kind)
    {
        if (answer.Outcome is CommandOutcome.Done or CommandOutcome.Stands)
        {
            return false;
        }

        if (answer.Order is { Status: var status })
        {
            new Problem(kind, Fields: json => json.WriteString("orderStatus"u8, OrderJson.StatusName(status)))
                .Write(context);
        }
        else
        {
            Problem.Write(context, Refusals.OrderNotFound);
        }

        return true;
    }
}
