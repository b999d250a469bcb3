using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>POST /v1/payment-events</c>: what a payment provider tells, signed as Standard Webhooks has it. The signature is
/// checked over the bytes as they came, before anyone reads what they say. What is told is on disk before it is
/// answered, so that a provider which sends it until then, and as often as it likes, is rightly understood.
/// </summary>
internal sealed class PaymentEventEndpoint(TimeProvider clock)
{
    private const string Challenge = "StandardWebhooks";

    /// <summary>Takes one event.</summary>
    public async Task TakeAsync(HttpContext context, Shop shop)
    {
        var (command, problem) = await RequestBody.ReadAsync(
            context.Request, PaymentEventForm.Parse, body => Check(context.Request.Headers, shop.Till.Events, body));
        if (problem is not null)
        {
            if (problem.Kind == Refusals.SignatureInvalid)
            {
                context.Response.Headers.WWWAuthenticate = Challenge;
            }

            problem.Write(context);
            return;
        }

        // Nobody hangs up on money: what has been read is done.
        var answer = await shop.OrderDesk.DoAsync(command, CancellationToken.None);
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("status"u8, answer.Payment is { } payment ? PaymentWords.Of(payment.State) : "unknown");
        json.Writer.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, json.Written);
    }

    private Problem? Check(IHeaderDictionary headers, WebhookKeys keys, ReadOnlySpan<byte> body)
    {
        var found = keys.Check(
            Single(headers[WebhookKeys.IdHeader]),
            Single(headers[WebhookKeys.TimestampHeader]),
            Single(headers[WebhookKeys.SignatureHeader]),
            body,
            clock.GetUtcNow());
        return found switch
        {
            WebhookCheck.Genuine => null,
            WebhookCheck.Incomplete => new Problem(Refusals.SignatureInvalid, "The headers webhook-id, "
                + "webhook-timestamp and webhook-signature must be there once each, as Standard Webhooks has them."),
            WebhookCheck.Stale => new Problem(Refusals.SignatureInvalid, "The webhook-timestamp is more than "
                + $"{WebhookKeys.Tolerance.TotalMinutes:0} minutes from this server's time."),
            WebhookCheck.Forged => new Problem(Refusals.SignatureInvalid, "None of the signatures is of a key that "
                + "this server knows, over webhook-id, webhook-timestamp and the body as it arrived."),
            _ => throw new ArgumentOutOfRangeException(nameof(headers), found, "No answer is written for it."),
        };
    }

    private static string? Single(StringValues values) => values is [{ } value] ? value : null;
}
