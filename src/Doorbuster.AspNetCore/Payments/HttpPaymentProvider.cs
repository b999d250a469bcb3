using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Doorbuster.AspNetCore.Json;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// The shop's own server takes the money: it is told of each payment by a signed call, answers where the buyer pays,
/// and reports what happens to <c>POST /v1/payment-events</c>.
/// </summary>
/// <remarks>
/// A call may be made again after any failure, for it carries the payment's id as <c>Idempotency-Key</c> and the same
/// <c>webhook-id</c> each time. Who made the same payment or refund before must answer the same.
/// </remarks>
/// <param name="options">Where to call, and how long to wait.</param>
/// <param name="keys">What signs the calls.</param>
/// <param name="clock">The time of signing.</param>
internal sealed class HttpPaymentProvider(PaymentOptions options, WebhookKeys keys, TimeProvider clock)
    : IPaymentProvider, IDisposable
{
    private const int MaxCheckoutUrlLength = 2_000;
    private const int IdBytes = 15;

    private readonly Uri _address = new(options.Url!);
    private readonly HttpClient _http = OutgoingHttp.Open(options.Connections, options.Timeout);

    /// <inheritdoc/>
    public async ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync(
            "checkout.requested",
            payment,
            json =>
            {
                json.WriteString("saleId"u8, order.Id.Sale.ToString());
                json.WriteString("buyerId"u8, order.Buyer.Utf8);
                json.WriteNumber("quantity"u8, order.Quantity);
                Rfc3339.Write(json, "expiresAt"u8, order.ExpiresAt);
            },
            cancellationToken);
        var text = TextOf(answer, "checkoutUrl");
        return text is { Length: <= MaxCheckoutUrlLength } && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && PaymentRules.IsSafe(url)
            ? url
            : throw new PaymentProviderException(
                "The payment provider answered without a checkoutUrl: an https address (http on loopback alone), of "
                + $"at most {MaxCheckoutUrlLength} characters.");
    }

    /// <inheritdoc/>
    public async ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync(
            "refund.requested",
            payment,
            json => json.WriteString("reason"u8, payment.RefundReason is { } reason ? PaymentWords.Of(reason) : null),
            cancellationToken);
        return TextOf(answer, "status") switch
        {
            "accepted" => RefundReceipt.Accepted,
            "refunded" => RefundReceipt.Refunded,
            _ => throw new PaymentProviderException(
                "The payment provider answered a refund without a status: accepted or refunded."),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> CallAsync(
        string type, Payment payment, SignedMessage.Data more, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var message = SignedMessage.Of(IdOf(type, payment), type, now, json =>
        {
            json.WriteString("paymentId"u8, payment.Id.ToString());
            json.WriteString("orderId"u8, payment.OrderId);
            MoneyJson.Write(json, "amount"u8, payment.Amount);
            more(json);
        });
        using var request = message.ToRequest(_address, keys, now);

        // A provider may have named a payment in letters that no header carries.
        request.Headers.Add("Idempotency-Key", Uri.EscapeDataString(payment.Id.ToString()));
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken))
                : throw new PaymentProviderException($"The payment provider answered {(int)response.StatusCode}.");
        }
        catch (Exception fault) when (IsTheirs(fault, cancellationToken))
        {
            throw new PaymentProviderException($"The payment provider did not answer: {fault.Message}", fault);
        }
    }

    /// <summary>Whether the provider failed, and not our caller gave up.</summary>
    private static bool IsTheirs(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or IOException or JsonException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string? TextOf(JsonDocument answer, string name) =>
        answer.RootElement.ValueKind == JsonValueKind.Object
        && answer.RootElement.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String
            ? field.GetString()
            : null;

    /// <summary>The same for the same call, and without the full stops that a payment's id has.</summary>
    private static string IdOf(string type, Payment payment) =>
        "msg_" + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\n{payment.Id}")).AsSpan(0, IdBytes));
}
