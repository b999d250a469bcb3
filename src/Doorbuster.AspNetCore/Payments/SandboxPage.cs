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
    /// <summary>The colours of the other pages, and what is the sandbox's own.</summary>
    private static readonly string Style = ReadPalette() +
        """

        * { box-sizing: border-box }
        html { background: var(--ground) }
        body { color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 28rem;
          padding: 1rem }
        .note { background: var(--warn-ground); border-radius: .875rem; color: var(--warn); font-size: .9375rem;
          margin: 0; padding: .625rem 1rem; text-align: center }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 1.375rem;
          box-shadow: var(--shade); margin: 1rem 0; padding: 1.5rem 1.25rem 1.25rem }
        h1 { font-size: 1.875rem; letter-spacing: -.02em; line-height: 1.15; margin: 0 0 .25rem }
        p { margin: .5rem 0 }
        dl { color: var(--soft); font-size: .9375rem; margin: 1rem 0 }
        dd { color: var(--ink); margin: 0 0 .5rem; overflow-wrap: anywhere }
        button, .back { border: 2px solid var(--edge); border-radius: 1rem; color: inherit; cursor: pointer;
          display: block; font: inherit; font-weight: 600; margin: .75rem 0; min-height: 3.75rem; padding: .75rem 1rem;
          text-align: center; text-decoration: none; width: 100% }
        button { background: none; touch-action: manipulation }
        .pay { background: var(--good); border-color: var(--good); color: var(--on-good); font-size: 1.1875rem }
        :focus-visible { border-radius: 1rem; outline: 3px solid var(--go); outline-offset: 3px }
        summary { color: var(--soft); cursor: pointer; padding: .75rem 0 }
        .fault { align-items: center; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) 9rem;
          margin: .75rem 0 }
        .fault input, .fault select { background: var(--card); border: 2px solid var(--edge); border-radius: .5rem;
          color: inherit; font: inherit; min-height: 2.75rem; padding: .25rem .5rem; width: 100% }
        .fault input[type=checkbox] { justify-self: end; width: 2.75rem }
        """;

    private static readonly string Policy =
        "default-src 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>From one of these pages to where the shop's own are, wherever the program has us.</summary>
    private const string Up = "../../../../";

    private static HtmlEncoder Html => HtmlEncoder.Default;

    /// <summary>Answers with the page on which the buyer chooses.</summary>
    public static void Ask(HttpContext context, SandboxPayment payment, SandboxOptions options, bool hasPages)
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
            """, hasPages);
    }

    /// <summary>Answers with the page that says what was chosen.</summary>
    /// <param name="context">The request.</param>
    /// <param name="payment">The payment.</param>
    /// <param name="isPaid">Whether it was paid; else it was declined.</param>
    /// <param name="hasPages">Whether the server has a page of the order to go back to.</param>
    public static void Tell(HttpContext context, SandboxPayment payment, bool isPaid, bool hasPages)
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
            {Back(payment, hasPages)}
            """, hasPages);
    }

    /// <summary>Answers that no payment has this address.</summary>
    public static void Miss(HttpContext context, bool hasPages) =>
        Write(context, StatusCodes.Status404NotFound, "No such payment", """
            <h1>No such payment</h1>
            <p>The shop has opened no payment at this address. Look at your order for the right one.</p>
            """, hasPages);

    private static string About(SandboxPayment payment) => $"""
        <dl>
        <dt>Order</dt><dd>{Html.Encode(payment.OrderId)}</dd>
        <dt>Payment</dt><dd>{Html.Encode(payment.Id.ToString())}</dd>
        </dl>
        """;

    /// <summary>The way to the page of the order.</summary>
    private static string Back(SandboxPayment payment, bool hasPages) => hasPages
        ? $"""<a class="back pay" href="{Up}o/{Html.Encode(payment.OrderId)}">Back to your order</a>"""
        : "";

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

    private static void Write(HttpContext context, int status, string title, string body, bool hasPages)
    {
        var icon = hasPages ? $"<link rel=\"icon\" href=\"{Up}pages/icon-1.svg\" type=\"image/svg+xml\">\n" : "";
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
            {icon}<style>{Style}</style>
            </head>
            <body>
            <main>
            <p class="note">This is a sandbox: no money moves here.</p>
            <div class="card">
            {body}
            </div>
            </main>
            </body>
            </html>

            """));
    }

    private static string ReadPalette()
    {
        using var palette = typeof(SandboxPage).Assembly.GetManifestResourceStream("Doorbuster.palette.css")
            ?? throw new InvalidOperationException("The assembly lacks the pages' palette.");
        using var reader = new StreamReader(palette);
        return reader.ReadToEnd();
    }
}
