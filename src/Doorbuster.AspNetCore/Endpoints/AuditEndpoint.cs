using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Problems;
using Doorbuster.Reconciliation;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>GET /v1/sales/{id}/audit</c>: whether gate and store keep the law; <c>POST /v1/sales/{id}/repair</c>: brings the
/// gate back to what the store says. Both are the operator's.
/// </summary>
internal static class AuditEndpoint
{
    /// <summary>Seconds: an audit that has to look twice takes a little longer.</summary>
    private const string ComeAgain = "5";

    /// <summary>Audits a sale. While claims are in flight it looks twice, some seconds apart.</summary>
    public static Task ShowAsync(HttpContext context, Shop shop) =>
        AnswerAsync(context, shop, shop.Auditor.AuditAsync);

    /// <summary>Repairs a sale, and says what an audit finds afterwards.</summary>
    public static Task RepairAsync(HttpContext context, Shop shop) =>
        AnswerAsync(context, shop, shop.Repairer.RepairAsync);

    private static async Task AnswerAsync(
        HttpContext context, Shop shop, Func<SaleId, CancellationToken, Task<AuditReport?>> find)
    {
        if (!await shop.Callers.RequireOperatorAsync(context))
        {
            return;
        }

        if (!shop.Audits.TryTake())
        {
            context.Response.Headers.RetryAfter = ComeAgain;
            Problem.Write(context, Refusals.Busy);
            return;
        }

        try
        {
            await AnswerInTurnAsync(context, shop, find);
        }
        finally
        {
            shop.Audits.GiveBack();
        }
    }

    private static async Task AnswerInTurnAsync(
        HttpContext context, Shop shop, Func<SaleId, CancellationToken, Task<AuditReport?>> find)
    {
        if (await shop.FindAsync(context.Request.RouteValues["id"] as string) is not { } listing
            || await find(listing.Sale.Id, context.RequestAborted) is not { } report)
        {
            Problem.Write(context, Refusals.SaleNotFound);
            return;
        }

        context.Response.Headers.CacheControl = Reply.NoStore;
        using var json = JsonBuffer.Rent();
        Write(json, report);
        Reply.Write(context.Response, StatusCodes.Status200OK, Reply.Json, json.Written);
    }

    private static void Write(JsonBuffer buffer, AuditReport report)
    {
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteNumber("quantity"u8, report.Quantity);
        json.WriteNumber("available"u8, report.Available);
        json.WriteNumber("reserved"u8, report.Reserved);
        json.WriteNumber("sold"u8, report.Sold);
        json.WriteNumber("queued"u8, report.Queued);
        if (report.GateAvailable is { } atGate)
        {
            json.WriteNumber("gateAvailable"u8, atGate);
        }
        else
        {
            json.WriteNull("gateAvailable"u8);
        }

        json.WriteNumber("epoch"u8, report.Epoch);
        json.WriteBoolean("lawHolds"u8, report.LawHolds);
        json.WriteStartArray("differences"u8);
        foreach (var difference in report.Differences)
        {
            json.WriteStringValue(difference);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
