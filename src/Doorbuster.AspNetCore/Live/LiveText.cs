using System.Text;
using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.Notification;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// A message in the bytes that both transports send: JSON for a WebSocket, and an event of the event stream (HTML
/// Standard, section 9.2) that carries the same JSON.
/// </summary>
internal sealed class LiveText
{
    private static readonly Func<LiveMessage, LiveText> Make = Render;

    private LiveText(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> @event)
    {
        Json = json;
        Event = @event;
    }

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The event, with the empty line that ends it.</summary>
    public ReadOnlyMemory<byte> Event { get; }

    /// <summary>A message's text; it is made once for all watchers.</summary>
    public static LiveText Of(LiveMessage message) => message.As(Make);

    /// <summary>What a watcher is told first: all there is to know.</summary>
    /// <param name="showing">The sale.</param>
    /// <param name="orders">The watcher's own orders in this sale.</param>
    /// <param name="now">The time.</param>
    /// <param name="comeback">When to connect again, should the connection break without a word.</param>
    public static LiveText Snapshot(
        Showing showing, IReadOnlyList<Order> orders, DateTimeOffset now, TimeSpan comeback)
    {
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        Begin(json, "snapshot"u8);
        json.WriteStartObject("sale"u8);
        SaleView.WriteFields(json, showing.Sale, showing.Stock, showing.State, now);
        json.WriteEndObject();
        json.WriteStartArray("orders"u8);
        foreach (var order in orders)
        {
            OrderJson.Write(json, order, order.Id.ToString());
        }

        json.WriteEndArray();
        Rfc3339.Write(json, "now"u8, now);
        return Finish(buffer, $"retry: {Milliseconds(comeback)}\nevent: snapshot\nid: {IdOf(showing)}\n");
    }

    /// <summary>What a watcher is told last: when to come back.</summary>
    public static LiveText Drain(TimeSpan comeback)
    {
        using var buffer = JsonBuffer.Rent();
        Begin(buffer.Writer, "drain"u8);
        buffer.Writer.WriteNumber("retryAfterMs"u8, Milliseconds(comeback));
        return Finish(buffer, $"retry: {Milliseconds(comeback)}\nevent: drain\n");
    }

    /// <summary>Whole milliseconds, as the wire has them.</summary>
    public static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static LiveText Render(LiveMessage message)
    {
        using var buffer = JsonBuffer.Rent();
        return message switch
        {
            LiveMessage.OfSale sale => Render(buffer, sale),
            LiveMessage.OfOrder order => Render(buffer, order),
            LiveMessage.OfFigures figures => Render(buffer, figures),
            LiveMessage.Heartbeat heartbeat => Render(buffer, heartbeat),
            _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No text is written for it."),
        };
    }

    private static LiveText Render(JsonBuffer buffer, LiveMessage.OfSale message)
    {
        var json = buffer.Writer;
        var (sale, stock, state, now) = message.Showing;
        Begin(json, "sale"u8);
        if (message.HasNewTerms)
        {
            SaleView.WriteFields(json, sale, stock, state, now);
        }
        else
        {
            json.WriteString("id"u8, sale.Id.ToString());
            SaleView.WriteChangingFields(json, sale, stock, state, now);
        }

        return Finish(buffer, $"event: sale\nid: {IdOf(message.Showing)}\n");
    }

    private static LiveText Render(JsonBuffer buffer, LiveMessage.OfOrder message)
    {
        var json = buffer.Writer;
        Begin(json, "order"u8);
        json.WritePropertyName("order"u8);
        OrderJson.Write(json, message.Order, message.Order.Id.ToString());
        Rfc3339.Write(json, "now"u8, message.Now);
        return Finish(buffer, "event: order\n");
    }

    private static LiveText Render(JsonBuffer buffer, LiveMessage.OfFigures message)
    {
        var type = message.IsFirst ? "snapshot" : "figures";
        Begin(buffer.Writer, Encoding.UTF8.GetBytes(type));
        FiguresJson.WriteFields(buffer.Writer, message.Figures);
        return Finish(buffer, $"event: {type}\n");
    }

    /// <summary>A comment keeps an event stream open; who reads one has no use for more.</summary>
    private static LiveText Render(JsonBuffer buffer, LiveMessage.Heartbeat message)
    {
        Begin(buffer.Writer, "heartbeat"u8);
        Rfc3339.Write(buffer.Writer, "now"u8, message.Now);
        return new LiveText(Finish(buffer, "").Json, ": heartbeat\n\n"u8.ToArray());
    }

    /// <summary>The sale's entity tag: it tells whether GET of the sale has answered something newer.</summary>
    private static string IdOf(Showing showing) => SaleView.Tag(showing.Sale, showing.Stock, showing.State);

    private static void Begin(Utf8JsonWriter json, ReadOnlySpan<byte> type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
    }

    /// <summary>Both forms lie in one array: the event is what stands before the JSON, the JSON, and its end.</summary>
    private static LiveText Finish(JsonBuffer buffer, string fields)
    {
        buffer.Writer.WriteEndObject();
        var json = buffer.Written;
        var head = $"{fields}data: ";
        var bytes = new byte[head.Length + json.Length + 2];
        var start = Encoding.ASCII.GetBytes(head, bytes);
        json.CopyTo(bytes.AsSpan(start));
        "\n\n"u8.CopyTo(bytes.AsSpan(start + json.Length));
        return new LiveText(bytes.AsMemory(start, json.Length), bytes);
    }
}
