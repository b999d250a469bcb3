using Doorbuster.AspNetCore.Hosting;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Payments;
using Doorbuster.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// <c>/sandbox/payments/…</c>: the page of a payment, for people, and the same call for programs, which are answered
/// <c>202 {paymentId, outcome, events}</c> instead of with a page. Where another provider takes the money there is no
/// such page.
/// </summary>
internal static class SandboxEndpoint
{
    private const string Told = "told";

    /// <summary>Shows the page.</summary>
    public static Task ShowAsync(HttpContext context, Shop shop)
    {
        if (shop.Till.Sandbox is not { } sandbox)
        {
            Problem.Write(context, Refusals.NotFound);
        }
        else if (sandbox.Links.Read(context.Request) is not { } payment)
        {
            SandboxPage.Miss(context, shop.HasPages);
        }
        else if (context.Request.Query[Told] is [SandboxForm.Pay or SandboxForm.Decline] and [{ } outcome])
        {
            SandboxPage.Tell(context, payment, isPaid: outcome == SandboxForm.Pay, shop.HasPages);
        }
        else
        {
            SandboxPage.Ask(context, payment, sandbox.Options, shop.HasPages);
        }

        return Task.CompletedTask;
    }

    /// <summary>Pays or declines; the shop is told by events, soon after this is answered.</summary>
    public static async Task EndAsync(HttpContext context, Shop shop)
    {
        if (shop.Till.Sandbox is not { } sandbox)
        {
            Problem.Write(context, Refusals.NotFound);
            return;
        }

        var (plan, problem) = await RequestBody.ReadAsync(
            context.Request, form => SandboxForm.Parse(form, sandbox.Options), mediaType: SandboxForm.MediaType);
        if (sandbox.Links.Read(context.Request) is not { } payment)
        {
            Miss(context, shop);
        }
        else if (problem is not null)
        {
            problem.Write(context);
        }
        else if (!sandbox.TryEnd(payment, plan, out var events))
        {
            Problem.Write(context, Refusals.Busy);
        }
        else if (WantsPage(context.Request))
        {
            // A page that is loaded again must not pay again.
            var request = context.Request;
            var outcome = plan.IsPaid ? SandboxForm.Pay : SandboxForm.Decline;
            context.Response.Redirect($"{request.PathBase}{request.Path}?{Told}={outcome}");
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
        }
        else
        {
            Write(context, payment, plan, events);
        }
    }

    private static void Miss(HttpContext context, Shop shop)
    {
        if (WantsPage(context.Request))
        {
            SandboxPage.Miss(context, shop.HasPages);
        }
        else
        {
            Problem.Write(context, Refusals.NotFound);
        }
    }

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static void Write(HttpContext context, SandboxPayment payment, SandboxPlan plan, int events)
    {
        context.Response.Headers.CacheControl = Reply.NoStore;
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("paymentId"u8, payment.Id.ToString());
        json.Writer.WriteString("outcome"u8, plan.IsPaid ? SandboxForm.Pay : SandboxForm.Decline);
        json.Writer.WriteNumber("events"u8, events);
        json.Writer.WriteEndObject();
        Reply.Write(context.Response, StatusCodes.Status202Accepted, Reply.Json, json.Written);
    }
}
