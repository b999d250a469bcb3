using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Claims;
using Doorbuster.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>POST /v1/sales/{id}/orders</c>: the call that the crowd makes. Refused or granted without waiting, it allocates
/// little beyond what the server does for any request; waiting for its lane costs one state machine.
/// </summary>
internal sealed partial class ClaimEndpoint(ClaimReader reader, Links links, ILogger logger)
{
    /// <summary>Answers a claim. A caller that hangs up cancels nothing.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (await reader.ReadAsync(context) is { } attempt)
            {
                var answer = ClaimAnswer.Unknown;
                try
                {
                    answer = await DecideAsync(attempt);
                }
                catch (Exception fault)
                {
                    // Whatever it was, the order may stand; only a retry under the same key finds out.
                    LogFault(fault, attempt.Listing.Sale.Id);
                }

                Log.ClaimAnswered(logger, attempt.Quantity, attempt.Listing.Sale.Id, TagValue.Of(answer.Outcome));
                var wait = WaitPreference.Acknowledge(context);
                await (answer.Order is { Status: OrderStatus.Queued } queued
                    ? AnswerQueuedAsync(context, attempt, answer, queued, wait)
                    : AnswerAsync(context, attempt, answer));
            }
        }
        catch (Exception fault) when (Faults.IsOurs(context, fault))
        {
            Faults.Answer(context, fault, logger);
        }
    }

    /// <summary>
    /// A crowd meets a store or a gate that is away, each of which is logged by itself; all else is our fault.
    /// </summary>
    private void LogFault(Exception fault, SaleId sale)
    {
        if (fault is StoreUnavailableException or OutcomeUnknownException or GateUnavailableException)
        {
            Log.ClaimUnknown(logger, fault, sale);
        }
        else
        {
            Log.ClaimFault(logger, fault, sale);
        }
    }

    /// <summary>An expired token authorises only to be told of an order that stands under the claim's id.</summary>
    private static ValueTask<ClaimAnswer> DecideAsync(in ClaimAttempt attempt) => attempt.IsReplayOnly
        ? attempt.Shop.Desk.ReplayAsync(
            attempt.Listing, attempt.Buyer, attempt.Key, attempt.Quantity, CancellationToken.None)
        : attempt.Shop.Desk.ClaimAsync(
            attempt.Listing, attempt.Buyer, attempt.Key, attempt.Quantity, CancellationToken.None);

    private ValueTask AnswerAsync(HttpContext context, in ClaimAttempt attempt, in ClaimAnswer answer)
    {
        if (Refusals.Of(answer.Outcome) is { } refusal)
        {
            return RefuseAsync(context, attempt, answer, refusal);
        }

        var isNew = answer.Outcome == Outcome.Admitted;
        WriteOrder(context, answer.Order!, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        if (isNew && answer.Available == 0)
        {
            // One claim alone took the last unit, so this is said once.
            Log.SoldOut(logger, attempt.Listing.Sale.Id);
        }

        return default;
    }

    /// <summary>
    /// Answers a claim that the gate has admitted and the store does not have yet, once it has, or after the time that
    /// its caller would wait. One that the store could not keep is refused to whoever waited for it.
    /// </summary>
    private async ValueTask AnswerQueuedAsync(
        HttpContext context, ClaimAttempt attempt, ClaimAnswer answer, Order queued, int? seconds)
    {
        var order = seconds is > 0 and var patience && attempt.Shop.Waits is { } waits
            ? await waits.WaitAsync(queued.Id, TimeSpan.FromSeconds(patience), context.RequestAborted)
            : null;
        if (order is null)
        {
            context.Response.Headers.RetryAfter = "1";
            WriteOrder(context, queued, StatusCodes.Status202Accepted);
        }
        else if (order.Rejection is { } rejection && answer.Outcome == Outcome.Admitted)
        {
            new Problem(Refusals.OrderRejected, Fields: json =>
            {
                json.WriteString("reason"u8, PaymentWords.Of(rejection));
                json.WriteString("order"u8, order.Id.ToString());
            }).Write(context);
        }
        else
        {
            await AnswerAsync(context, attempt, answer with { Order = order });
        }
    }

    private void WriteOrder(HttpContext context, Order order, int status)
    {
        var location = links.Order(context, order.Id);
        var id = location.AsSpan(location.Length - order.Id.Length);
        context.Response.Headers.Location = location;
        context.Response.Headers.CacheControl = Reply.NoStore;
        if (ReservedOrderJson.Fits(order))
        {
            var body = context.Response.BodyWriter;
            var length = ReservedOrderJson.Write(body.GetSpan(ReservedOrderJson.MaxBytes), order, id);
            Reply.WriteHead(context.Response, status, Reply.Json, length);
            body.Advance(length);
            return;
        }

        using var json = JsonBuffer.Rent();
        OrderJson.Write(json.Writer, order, id);
        Reply.Write(context.Response, status, Reply.Json, json.Written);
    }

    private static ValueTask RefuseAsync(
        HttpContext context, in ClaimAttempt attempt, in ClaimAnswer answer, ProblemKind kind)
    {
        switch (answer.Outcome)
        {
            case Outcome.BuyerLimit:
                return RefuseAtLimitAsync(context, attempt);
            case Outcome.Insufficient:
                var available = answer.Available;
                new Problem(kind, Fields: json => json.WriteNumber("available"u8, available)).Write(context);
                return default;
            case Outcome.NotOpen:
                var opensAt = attempt.Listing.Sale.OpensAt;
                new Problem(kind, Fields: json => Rfc3339.Write(json, "opensAt"u8, opensAt)).Write(context);
                return default;
            case Outcome.KeyReused:
                WriteKeyReused(context, answer.Order, kind);
                return default;
            case null:
                // The key may be one that the server drew: without it, nobody could ask again.
                var key = attempt.Key;
                new Problem(kind, Fields: json => json.WriteString("idempotencyKey"u8, key)).Write(context);
                return default;
            default:
                Problem.Write(context, kind);
                return default;
        }
    }

    private static async ValueTask RefuseAtLimitAsync(HttpContext context, ClaimAttempt attempt)
    {
        var orders = await attempt.Shop.Gate.OrdersOfAsync(
            attempt.Listing.Sale.Id, attempt.Buyer, CancellationToken.None);
        new Problem(Refusals.BuyerLimitReached, Fields: json =>
        {
            json.WriteStartArray("orders"u8);
            foreach (var order in orders)
            {
                json.WriteStringValue(order.ToString());
            }

            json.WriteEndArray();
        }).Write(context);
    }

    private static void WriteKeyReused(HttpContext context, Order? order, ProblemKind kind) =>
        new Problem(
            kind,
            Errors: [new FieldError("Idempotency-Key", "Another quantity was claimed under this key.")],
            Fields: order is null ? null : json => json.WriteString("order"u8, order.Id.ToString())).Write(context);

    private static partial class Log
    {
        [LoggerMessage(EventIds.SoldOut, LogLevel.Information, "Sale {Sale} is sold out.")]
        public static partial void SoldOut(ILogger logger, SaleId sale);

        [LoggerMessage(
            EventIds.ClaimAnswered, LogLevel.Debug, "A claim of {Quantity} of sale {Sale} was decided: {Outcome}.")]
        public static partial void ClaimAnswered(ILogger logger, int quantity, SaleId sale, string outcome);

        [LoggerMessage(EventIds.ClaimUnknown, LogLevel.Debug, "What became of a claim of sale {Sale} is not known.")]
        public static partial void ClaimUnknown(ILogger logger, Exception fault, SaleId sale);

        [LoggerMessage(
            EventIds.ClaimFault, LogLevel.Error, "A claim of sale {Sale} failed, and is not known to be done.")]
        public static partial void ClaimFault(ILogger logger, Exception fault, SaleId sale);
    }
}
