using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Doorbuster.Payments;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// Links to the pages where payments are paid. A link says all that the sandbox must know of a payment, under a seal,
/// so that it keeps nothing, forgets nothing in a restart, and pays nothing that the shop has not opened.
/// </summary>
/// <param name="seal">Seals them.</param>
internal sealed class SandboxLinks(KeyedHash seal)
{
    /// <summary>The addresses of the pages, below the server's own.</summary>
    public const string Pattern = "/sandbox/payments/{id}/{amount}/{seal}";

    private const int SealBytes = 16;

    /// <summary>The link to a payment's page, below the server's own address.</summary>
    public string PathOf(SandboxPayment payment) =>
        $"/sandbox/payments/{payment.Id}/{Write(payment.Amount)}/{Seal(payment.Id, payment.Amount)}";

    /// <summary>The payment that a request's address names; null where it was not made here.</summary>
    public SandboxPayment? Read(HttpRequest request)
    {
        var route = request.RouteValues;
        if (!PaymentId.TryParse(route["id"] as string, out var id) || !id.TryRead(out var order, out _)
            || ReadAmount(route["amount"] as string) is not { } amount || route["seal"] is not string seal)
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(seal), Encoding.ASCII.GetBytes(Seal(id, amount)))
            ? new SandboxPayment(id, order.ToString(), amount)
            : null;
    }

    private static string Write(Money money) =>
        string.Create(CultureInfo.InvariantCulture, $"{money.Amount}-{money.Currency}");

    private static Money? ReadAmount(string? text) =>
        text?.Split('-') is [var amount, var currency]
        && long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
        && Money.IsCurrency(currency)
            ? new Money(units, currency)
            : null;

    private string Seal(PaymentId id, Money amount)
    {
        Span<byte> hash = stackalloc byte[KeyedHash.Size];
        seal.Compute(Encoding.UTF8.GetBytes($"{id} {Write(amount)}"), hash);
        return Base64Url.EncodeToString(hash[..SealBytes]);
    }
}
