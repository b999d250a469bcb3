using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Settings;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// The page where a payment of the sandbox is paid or declined: one form, no script, so that a keyboard, a screen
/// reader, a telephone and a program use the same.
/// </summary>
internal static class SandboxPage
{
    private const string Style =
        """
        :root { color-scheme: light dark; --line: #767676; --pay: #0b6b3a; --note: #fff3cd; --on-note: #4d3800 }
        * { box-sizing: border-box }
        body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 32rem; padding: 1rem }
        .note { background: var(--note); border-radius: .5rem; color: var(--on-note); padding: .5rem 1rem }
        h1 { font-size: 1.6rem; line-height: 1.2 }
        dl { display: grid; gap: .25rem 1rem; grid-template-columns: max-content 1fr }
        dt { font-weight: 600 }
        dd { margin: 0; overflow-wrap: anywhere }
        button { border: 2px solid var(--line); border-radius: .5rem; display: block; font: inherit; margin: .75rem 0;
          min-height: 3rem; padding: .5rem 1rem; width: 100% }
        button.pay { background: var(--pay); border-color: var(--pay); color: #fff; font-weight: 600 }
        :focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px }
        summary { cursor: pointer; padding: .75rem 0 }
        .fault { align-items: center; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) 9rem;
          margin: .75rem 0 }
        .fault input, .fault select { border: 2px solid var(--line); border-radius: .25rem; font: inherit;
          min-height: 2.75rem; padding: .25rem .5rem; width: 100% }
        .fault input[type=checkbox] { justify-self: end; width: 2.75rem }
        """;

    private static readonly string Policy =
        "default-src 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static HtmlEncoder Html => HtmlEncoder.Default;

    /// <summary>Answers with the page on which the buyer chooses.</summary>
    public static void Ask(HttpContext context, SandboxPayment payment, SandboxOptions options)
    {
        var amount = Html.Encode(MoneyText.Write(payment.Amount));
        Write(context, StatusCodes.Status200OK, $"Pay {amount}", $"""
            <h1>Pay {amount}</h1>
            {About(payment)}
            <form method="post">
            <button class="pay" name="{SandboxForm.Outcome}" value="{SandboxForm.Pay}">Pay {amount}</button>
            <button name="{SandboxForm.Outcome}" value="{SandboxForm.Decline}">Decline</button>
            <details>
            <summary>Let something go wrong</summary>
            {Faults(options)}
            </details>
            </form>
            """);
    }

    /// <summary>Answers with the page that says what was chosen.</summary>
    public static void Tell(HttpContext context, SandboxPayment payment, bool isPaid)
    {
        var title = isPaid ? "Paid" : "Declined";
        var text = isPaid
            ? "The shop is told, and shows the order as paid in a moment."
            : "Nothing was taken, and the shop is told. While its time lasts the order can still be paid.";
        Write(context, StatusCodes.Status200OK, title, $"""
            <div role="status">
            <h1>{title}</h1>
            <p>{text}</p>
            </div>
            {About(payment)}
            """);
    }

    /// <summary>Answers that no payment has this address.</summary>
    public static void Miss(HttpContext context) => Write(context, StatusCodes.Status404NotFound, "No such payment", """
        <h1>No such payment</h1>
        <p>The shop has opened no payment at this address. Look at your order for the right one.</p>
        """);

    private static string About(SandboxPayment payment) => $"""
        <dl>
        <dt>Order</dt><dd>{Html.Encode(payment.OrderId)}</dd>
        <dt>Payment</dt><dd>{Html.Encode(payment.Id.ToString())}</dd>
        </dl>
        """;

    private static string Faults(SandboxOptions options)
    {
        var alterations = string.Concat(Enum.GetValues<SandboxAlteration>().Select(kind =>
            $"""<option{(kind == options.Alter ? " selected" : "")}>{SettingValue.Write(kind)}</option>"""));
        return $"""
            {Fault("delay", "Tell the shop so much later (h:m:s)",
                $"""type="text" inputmode="numeric" pattern="\d\d:\d\d:\d\d(\.\d+)?" value="{options.Delay:c}" """)}
            {Fault("repeat", "Tell it so many times more", Number(options.Repeat))}
            {Fault("lose", "Lose each message so many times first", Number(options.Lose))}
            {Box("twice", "Pay the order a second time", options.Twice)}
            {Box("reorder", "Say afterwards that an attempt had failed before", options.Reorder)}
            <div class="fault"><label for="alter">Tell something wrong about the payment</label>
            <select id="alter" name="alter">{alterations}</select></div>
            """;
    }

    private static string Fault(string name, string label, string input) => $"""
        <div class="fault"><label for="{name}">{label}</label><input id="{name}" name="{name}" {input}></div>
        """;

    private static string Number(int value) =>
        $"""type="number" min="0" max="10" value="{value.ToString(CultureInfo.InvariantCulture)}" """;

    /// <summary>A box that is not ticked is not sent; the hidden field before it says so.</summary>
    private static string Box(string name, string label, bool value) =>
        $"""<input type="hidden" name="{name}" value="false">"""
        + Fault(name, label, $"""type="checkbox"{(value ? " checked" : "")}""");

    private static void Write(HttpContext context, int status, string title, string body)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = Reply.NoStore;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        Reply.Write(context.Response, status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title} (sandbox)</title>
            <style>{Style}</style>
            </head>
            <body>
            <p class="note">This is a sandbox: no money moves here.</p>
            <main>
            {body}
            </main>
            </body>
            </html>

            """));
    }
}
