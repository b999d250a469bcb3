using System.Text.Json;
using System.Text.Json.Nodes;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>The terms of a sale as an operator sends them.</summary>
internal sealed record Terms(int Quantity)
{
    /// <summary>The id; the server draws one where null.</summary>
    public string? Id { get; init; }

    public int PerBuyerLimit { get; init; } = 1;

    /// <summary>When it opens, from now; it is open where negative.</summary>
    public TimeSpan OpensIn { get; init; } = TimeSpan.FromMinutes(-1);

    /// <summary>When it closes, from now; never where null.</summary>
    public TimeSpan? ClosesIn { get; init; }

    public bool RequirePurchaseToken { get; init; } = true;

    /// <summary>How long a reservation waits, an ISO 8601 duration; as long as the server likes where null.</summary>
    public string? PaymentWindow { get; init; }

    /// <summary>The body of the creating call.</summary>
    public JsonObject ToJson()
    {
        var now = DateTimeOffset.UtcNow;
        var body = new JsonObject
        {
            ["title"] = "A thing on sale",
            ["quantity"] = Quantity,
            ["price"] = new JsonObject { ["amount"] = 1999, ["currency"] = "EUR" },
            ["opensAt"] = Time(now + OpensIn),
            ["perBuyerLimit"] = PerBuyerLimit,
            ["requirePurchaseToken"] = RequirePurchaseToken,
        };
        if (Id is not null)
        {
            body["id"] = Id;
        }

        if (PaymentWindow is not null)
        {
            body["paymentWindow"] = PaymentWindow;
        }

        if (ClosesIn is { } closesIn)
        {
            body["closesAt"] = Time(now + closesIn);
        }

        return body;
    }

    /// <summary>A time as the contract has it.</summary>
    public static string Time(DateTimeOffset time) => JsonSerializer.Serialize(time.UtcDateTime).Trim('"');
}
