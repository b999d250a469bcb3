using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>
/// Tells a server what a payment provider would, as Standard Webhooks has it, with nothing of the program under test.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="clock">What time it is there.</param>
internal sealed class Events(Api api, TimeProvider clock)
{
    public const string Path = "/v1/payment-events";

    private static int _ids;

    /// <summary>Tells that money was taken, and expects to be believed.</summary>
    public Task<Answer> CaptureAsync(string payment, string order, long amount = 1999, string currency = "EUR") =>
        TellAsync(Body("payment.captured", payment, order, amount, currency));

    /// <summary>Tells that an attempt failed.</summary>
    public Task<Answer> FailAsync(string payment, string order) => TellAsync(Body("payment.failed", payment, order));

    /// <summary>Tells that money went back.</summary>
    public Task<Answer> RefundAsync(string payment, string order) =>
        TellAsync(Body("payment.refunded", payment, order));

    /// <summary>Tells something.</summary>
    public Task<Answer> TellAsync(JsonNode body) => SendAsync(new Event(body.ToJsonString()));

    /// <summary>Sends an event as it is spelled, now.</summary>
    public Task<Answer> SendAsync(Event told) =>
        api.SendAsync((told with { At = clock.GetUtcNow() }).ToCall());

    /// <summary>The body of an event.</summary>
    public static JsonObject Body(
        string type, string payment, string order, long amount = 1999, string currency = "EUR") => new()
        {
            ["type"] = type,
            ["timestamp"] = Terms.Time(DateTimeOffset.UtcNow),
            ["data"] = new JsonObject
            {
                ["paymentId"] = payment,
                ["orderId"] = order,
                ["amount"] = new JsonObject { ["amount"] = amount, ["currency"] = currency },
            },
        };

    /// <summary>An event id that no other event has.</summary>
    public static string NextId() => $"evt_{Interlocked.Increment(ref _ids)}";
}

/// <summary>An event as a test spells it: genuine, unless something about it is made otherwise.</summary>
internal sealed record Event(string Body)
{
    public string Id { get; init; } = Events.NextId();

    public DateTimeOffset At { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>The keys that sign it.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [Infrastructure.Keys.Webhook];

    /// <summary>What is sent in place of what was signed; the same where null.</summary>
    public byte[]? Sent { get; init; }

    /// <summary>The signature in place of the right one.</summary>
    public string? Signature { get; init; }

    /// <summary>Headers that are left out.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>The <c>webhook-timestamp</c>.</summary>
    public string Timestamp => $"{At.ToUnixTimeSeconds()}";

    /// <summary>The call that brings it.</summary>
    public Call ToCall()
    {
        var signature = Signature ?? string.Join(' ', Keys.Select(key => Sign(key, Id, Timestamp, Body)));
        (string Name, string Value)[] headers =
        [
            ("webhook-id", Id), ("webhook-timestamp", Timestamp), ("webhook-signature", signature),
        ];
        return new Call(HttpMethod.Post, Events.Path)
        {
            Bytes = Sent ?? Encoding.UTF8.GetBytes(Body),
            Headers = [.. headers.Where(header => !Without.Contains(header.Name))],
        };
    }

    /// <summary>One signature, with its version before it.</summary>
    public static string Sign(string key, string id, string timestamp, string body) =>
        Sign(key, id, timestamp, Encoding.UTF8.GetBytes(body));

    /// <summary>One signature over a body that need be no text.</summary>
    public static string Sign(string key, string id, string timestamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Convert.FromBase64String(key["whsec_".Length..]),
            (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
}
