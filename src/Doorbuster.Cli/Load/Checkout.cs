using System.Diagnostics;
using System.Text.Json;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// Pays an order as its buyer does: opens a payment, goes to the page it names, and presses Pay there. The page is the
/// sandbox's, which then tells the shop by a signed event.
/// </summary>
internal static class Checkout
{
    /// <summary>How long a buyer waits for a queued order to stand.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Pays, once the order stands where it is queued; one that is no longer payable is left as it is.
    /// </summary>
    /// <exception cref="CommandException">The server takes no payments, or none in a sandbox.</exception>
    public static async Task PayAsync(
        Uri server, string order, string bearer, HttpConnection connection, CancellationToken cancellationToken)
    {
        var open = RequestBytes.Post(server, $"/v1/orders/{order}/payments", bearer);
        var began = Stopwatch.GetTimestamp();
        var opened = await PreparatoryCall.SendAsync(connection, open, cancellationToken);
        while (IsQueued(opened) && Stopwatch.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Pause, cancellationToken);
            opened = await PreparatoryCall.SendAsync(connection, open, cancellationToken);
        }

        if (opened.Status == 409)
        {
            return;
        }

        if (!opened.IsSuccess)
        {
            throw PreparatoryCall.Refused("A payment could not be opened", opened);
        }

        var page = JsonSerializer.Deserialize(opened.Body.Span, LoadJson.Default.OpenedPayment)!.CheckoutUrl;
        var paid = await PreparatoryCall.SendAsync(
            connection, RequestBytes.PostForm(page, "outcome=pay"), cancellationToken);
        if (!paid.IsSuccess)
        {
            throw PreparatoryCall.Refused("The sandbox did not take a payment", paid);
        }
    }

    private static bool IsQueued(HttpAnswer answer) =>
        answer.Status == 409 && answer.Body.Span.IndexOf("\"orderStatus\":\"queued\""u8) >= 0;
}
