using System.Text.Json;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Reconciliation;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Admitted claims that could not be written: <c>GET /v1/dead-letters</c> and
/// <c>POST /v1/dead-letters/{id}/replay</c>, the operator's. Where gate and store commit together there are none.
/// </summary>
internal static class DeadLetterEndpoints
{
    /// <summary>Lists them, in the order of their ids.</summary>
    public static async Task ListAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        var (page, problem) = Page.Read(
            context.Request.Query, static cursor => DeadLetterId.TryParse(cursor, out _));
        if (problem is not null)
        {
            problem.Write(context);
            return;
        }

        // One more than asked for tells whether there are more.
        DeadLetterId? after = DeadLetterId.TryParse(page.Cursor, out var last) ? last : null;
        var letters = shop.Node.Letters is { } desk
            ? await desk.ListAsync(after, page.Limit + 1, context.RequestAborted)
            : [];
        Write(context, letters, page.Limit);
    }

    /// <summary>
    /// Has one tried again, and answers the order or the rejection that came of it. Made again it answers what stands
    /// under the same name, so a caller whose answer was lost learns it. Who hangs up cancels nothing.
    /// </summary>
    public static async Task ReplayAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        if (!DeadLetterId.TryParse(context.Request.RouteValues["id"] as string, out var id)
            || await ReplayAsync(shop, id) is not { } answer)
        {
            Problem.Write(context, Refusals.DeadLetterNotFound);
        }
        else if (answer.Reason is { } reason)
        {
            new Problem(Refusals.DeadLetterNotReplayable, Fields: json => json.WriteString("reason"u8, reason))
                .Write(context);
        }
        else
        {
            Write(context, id, answer.Order);
        }
    }

    private static async ValueTask<ReplayAnswer?> ReplayAsync(Shop shop, DeadLetterId id)
    {
        if (shop.Node.Letters is { } desk && await desk.ReplayAsync(id, CancellationToken.None) is { } answer)
        {
            return answer;
        }

        return await shop.Node.Ledger.FindAsync([id.Order], CancellationToken.None) is [var stands]
            && stands.Turn >= id.Turn
            ? new ReplayAnswer(stands)
            : null;
    }

    private static void Write(HttpContext context, IReadOnlyList<DeadLetter> letters, int limit)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var letter in letters.Take(limit))
        {
            Write(json, letter);
        }

        json.WriteEndArray();
        json.WriteString("next"u8, letters.Count > limit ? letters[limit - 1].Id.ToString() : null);
        json.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, buffer.Written);
    }

    private static void Write(Utf8JsonWriter json, DeadLetter letter)
    {
        var claim = letter.Entry.Claims[0];
        json.WriteStartObject();
        json.WriteString("id"u8, letter.Id.ToString());
        json.WriteString("orderId"u8, claim.Order.ToString());
        json.WriteString("saleId"u8, letter.Entry.Sale.ToString());
        json.WriteString("buyerId"u8, claim.Buyer.Utf8);
        json.WriteNumber("quantity"u8, claim.Quantity);
        json.WriteString("paymentId"u8, claim.Revival?.Payment.ToString());
        json.WriteNumber("epoch"u8, letter.Entry.Epoch);
        Rfc3339.Write(json, "admittedAt"u8, letter.Entry.AdmittedAt);
        Rfc3339.Write(json, "deadLetteredAt"u8, letter.BuriedAt);
        json.WriteString("reason"u8, letter.Reason);
        json.WriteEndObject();
    }

    private static void Write(HttpContext context, DeadLetterId id, Order? order)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteString("id"u8, id.ToString());
        if (order is null)
        {
            json.WriteNull("order"u8);
        }
        else
        {
            json.WritePropertyName("order"u8);
            OrderJson.Write(json, order, order.Id.ToString(), withBuyer: true);
        }

        json.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, buffer.Written);
    }
}
