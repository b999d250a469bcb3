using System.Net.Http.Headers;
using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// A message as Standard Webhooks has it, <c>{type, timestamp, data}</c>, under an id that stays the same however often
/// it is sent.
/// </summary>
/// <param name="Id">Its id, without a full stop.</param>
/// <param name="Body">What is sent, byte for byte.</param>
internal sealed record SignedMessage(string Id, byte[] Body)
{
    /// <summary>Writes the data of a message.</summary>
    public delegate void Data(Utf8JsonWriter json);

    /// <summary>Makes a message.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">What it says, such as <c>payment.captured</c>.</param>
    /// <param name="happenedAt">When that happened.</param>
    /// <param name="data">Writes what it says of whom.</param>
    public static SignedMessage Of(string id, string type, DateTimeOffset happenedAt, Data data)
    {
        using var buffer = JsonBuffer.Rent();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        Rfc3339.Write(json, "timestamp"u8, happenedAt);
        json.WriteStartObject("data"u8);
        data(json);
        json.WriteEndObject();
        json.WriteEndObject();
        return new SignedMessage(id, buffer.Written.ToArray());
    }

    /// <summary>A request that carries it.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="keys">What signs it.</param>
    /// <param name="sentAt">When it is sent.</param>
    public HttpRequestMessage ToRequest(Uri address, WebhookKeys keys, DateTimeOffset sentAt)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Reply.Json);
        request.Headers.Add(WebhookKeys.IdHeader, Id);
        request.Headers.Add(WebhookKeys.TimestampHeader, WebhookKeys.TimestampOf(sentAt));
        request.Headers.Add(WebhookKeys.SignatureHeader, keys.Sign(Id, sentAt, Body));
        return request;
    }
}
