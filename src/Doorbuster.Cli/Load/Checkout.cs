using System.Text.Json;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>
/// Pays an order as its buyer does: opens a payment, goes to the page it names, and presses Pay there. The page is the
/// sandbox's, which then tells the shop by a signed event.
/// </summary>
internal static class Checkout
{
    /// <summary>Pays; an order that is no longer payable is left as it is.</summary>
    /// <exception cref="CommandException">The server takes no payments, or none in a sandbox.</exception>
    public static async Task PayAsync(
        Uri server, string order, string bearer, HttpConnection connection, CancellationToken cancellationToken)
    {
        var open = RequestBytes.Post(server, $"/v1/orders/{order}/payments", bearer);
        var opened = await PreparatoryCall.SendAsync(connection, open, cancellationToken);
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
}
