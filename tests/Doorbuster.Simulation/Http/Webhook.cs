using System.Text;
using Doorbuster.Payments;

namespace Doorbuster.Simulation.Http;

/// <summary>An event of a payment provider, as it is sent: its three headers and its body.</summary>
internal sealed record Webhook(string Id, string Timestamp, string Signature, byte[] Body)
{
    /// <summary>An event, signed.</summary>
    public static Webhook Sign(
        WebhookKeys keys, string id, DateTimeOffset now, string type, PaymentId payment, string order, Money amount)
    {
        var body = Encoding.ASCII.GetBytes($"{type}|{payment}|{order}|{amount.Amount}|{amount.Currency}");
        return new Webhook(id, WebhookKeys.TimestampOf(now), keys.Sign(id, now, body), body);
    }

    /// <summary>The same with one byte of its body changed.</summary>
    public Webhook Alter(int place)
    {
        var body = Body.ToArray();
        body[place % body.Length] ^= 1;
        return this with { Body = body };
    }
}
