using System.Globalization;
using System.Text.Json;
using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>GET /v1/sales/{id}/events?after=&amp;limit=</c>: every transition of a sale, numbered without a gap; the
/// operator's. Whoever keeps the last number they have seen misses nothing, however long they were away.
/// </summary>
internal static class EventEndpoints
{
    /// <summary>The most transitions of one answer.</summary>
    public const int MaxLimit = 1_000;

    private const int UsualLimit = 100;

    /// <summary>Lists transitions after one of them.</summary>
    public static async Task ListAsync(HttpContext context, Shop shop)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        var errors = new List<FieldError>();
        var after = Read(context.Request.Query, "after", 0, long.MaxValue, byDefault: 0, errors);
        var limit = (int)Read(context.Request.Query, "limit", 1, MaxLimit, UsualLimit, errors);
        if (await shop.FindAsync(context.Request.RouteValues["id"] as string) is not { } listing)
        {
            Problem.Write(context, Refusals.SaleNotFound);
        }
        else if (errors.Count > 0)
        {
            Problem.Invalid(errors).Write(context);
        }
        else
        {
            // One more than asked for tells whether there are more.
            var events = await shop.Events.EventsAsync(listing.Sale.Id, after, limit + 1, context.RequestAborted);
            Write(context, events, limit);
        }
    }

    private static long Read(
        IQueryCollection query, string name, long min, long max, long byDefault, List<FieldError> errors)
    {
        if (!query.TryGetValue(name, out StringValues given))
        {
            return byDefault;
        }

        if (given is [{ } text]
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            return number;
        }

        errors.Add(new FieldError(name, $"A whole number from {min} to {max}, once."));
        return byDefault;
    }

    private static void Write(HttpContext context, IReadOnlyList<SaleEvent> events, int limit)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var one in events.Take(limit))
        {
            Write(json, one);
        }

        json.WriteEndArray();
        if (events.Count > limit)
        {
            json.WriteNumber("next"u8, events[limit - 1].No);
        }
        else
        {
            json.WriteNull("next"u8);
        }

        json.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, buffer.Written);
    }

    private static void Write(Utf8JsonWriter json, SaleEvent one)
    {
        json.WriteStartObject();
        json.WriteNumber("no"u8, one.No);
        json.WriteString("type"u8, TypeName(one.Kind));
        Rfc3339.Write(json, "at"u8, one.At);
        if (one.Order is { } order)
        {
            json.WriteString("orderId"u8, order.ToString());
        }

        if (one.Payment is { } payment)
        {
            json.WriteString("paymentId"u8, payment.ToString());
        }

        // A payment's own transition changes no revision.
        if ((one.Order is null ? one.SaleRevision : one.OrderRevision) is > 0 and var revision)
        {
            json.WriteNumber("revision"u8, revision);
        }

        if (one.Quantity > 0)
        {
            json.WriteNumber("quantity"u8, one.Quantity);
        }

        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> TypeName(EventKind kind) => kind switch
    {
        EventKind.OrderReserved => "order.reserved"u8,
        EventKind.OrderPaid => "order.paid"u8,
        EventKind.OrderCancelled => "order.cancelled"u8,
        EventKind.OrderExpired => "order.expired"u8,
        EventKind.OrderRejected => "order.rejected"u8,
        EventKind.OrderReviving => "order.reviving"u8,
        EventKind.PaymentCreated => "payment.created"u8,
        EventKind.PaymentCaptured => "payment.captured"u8,
        EventKind.PaymentRefundDue => "payment.refund_due"u8,
        EventKind.PaymentRefunded => "payment.refunded"u8,
        EventKind.PaymentFailed => "payment.failed"u8,
        EventKind.SalePaused => "sale.paused"u8,
        EventKind.SaleResumed => "sale.resumed"u8,
        EventKind.SaleClosed => "sale.closed"u8,
        EventKind.SaleReplenished => "sale.replenished"u8,
        EventKind.SaleEdited => "sale.edited"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No name is written for it."),
    };
}
