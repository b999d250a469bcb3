using System.Text.Json;
using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Json;

/// <summary>Writes an order as the HTTP contract has it.</summary>
internal static class OrderJson
{
    /// <summary>Writes an order.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="order">The order.</param>
    /// <param name="id">Its id's text, which the caller needs too.</param>
    /// <param name="withBuyer">Whether to say whose it is, which operators see.</param>
    public static void Write(Utf8JsonWriter json, Order order, ReadOnlySpan<char> id, bool withBuyer = false)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("saleId"u8, order.Id.Sale.ToString());
        if (withBuyer)
        {
            json.WriteString("buyerId"u8, order.Buyer.Utf8);
        }

        WriteWhatItAsked(json, order);
        json.WriteString("status"u8, StatusName(order.Status));
        json.WriteNumber("revision"u8, order.Revision);
        Rfc3339.Write(json, "createdAt"u8, order.Status == OrderStatus.Queued ? null : order.CreatedAt);
        var wasReserved = order.Status is not (OrderStatus.Rejected or OrderStatus.Queued);
        Rfc3339.Write(json, "reservedAt"u8, wasReserved ? order.ReservedAt : null);
        Rfc3339.Write(json, "expiresAt"u8, wasReserved ? order.ExpiresAt : null);
        Rfc3339.Write(json, "paidAt"u8, order.PaidAt);
        WritePayment(json, order);
        json.WriteEndObject();
    }

    /// <summary>The contract's word for where an order is in its life.</summary>
    public static ReadOnlySpan<byte> StatusName(OrderStatus status) => status switch
    {
        OrderStatus.Queued => "queued"u8,
        OrderStatus.Reserved => "reserved"u8,
        OrderStatus.Paid => "paid"u8,
        OrderStatus.Cancelled => "cancelled"u8,
        OrderStatus.Expired => "expired"u8,
        OrderStatus.Rejected => "rejected"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No name is written for it."),
    };

    /// <summary>What a claim asked for that was lost with its gate, nobody knows.</summary>
    private static void WriteWhatItAsked(Utf8JsonWriter json, Order order)
    {
        if (order.Quantity == 0)
        {
            json.WriteNull("quantity"u8);
            json.WriteNull("amount"u8);
            return;
        }

        json.WriteNumber("quantity"u8, order.Quantity);
        MoneyJson.Write(json, "amount"u8, order.Amount);
    }

    /// <summary>The reason is why the order is rejected, or why money that came has not paid it.</summary>
    private static void WritePayment(Utf8JsonWriter json, Order order)
    {
        if (order.Payment is not { } payment)
        {
            json.WriteString("reason"u8, order.Rejection is { } rejection ? PaymentWords.Of(rejection) : null);
            return;
        }

        json.WriteString(
            "reason"u8,
            order.Rejection is { } why ? PaymentWords.Of(why)
            : payment.RefundReason is { } reason ? PaymentWords.Of(reason)
            : null);
        json.WriteStartObject("payment"u8);
        json.WriteString("paymentId"u8, payment.Id.ToString());
        json.WriteString("status"u8, PaymentWords.Of(payment.State));
        if (payment is { State: PaymentState.Created, CheckoutUrl: { } checkoutUrl })
        {
            json.WriteString("checkoutUrl"u8, checkoutUrl.AbsoluteUri);
        }

        json.WriteEndObject();
    }
}
