using System.Security.Cryptography;

namespace Doorbuster.Benchmarks;

/// <summary>Sales as benchmarks sell them without a server.</summary>
internal static class Sales
{
    /// <summary>A sale that is open; every buyer may have one.</summary>
    public static Sale New(string id, int quantity)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return new Sale
        {
            Id = SaleId.Parse(id),
            Title = "Benchmark",
            Quantity = quantity,
            Price = new Money(1999, "EUR"),
            OpensAt = now,
            PerBuyerLimit = 1,
            PaymentWindow = TimeSpan.FromMinutes(10),
            RequirePurchaseToken = true,
            CreatedAt = now,
            Revision = 1,
            OrderIdKey = RandomNumberGenerator.GetBytes(OrderIdMint.KeyBytes),
        };
    }
}
