using Doorbuster.Admission;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>Issues purchase tokens beside the server: at another time, or with another key.</summary>
internal static class PurchaseTokenForge
{
    /// <summary>A token that expired a minute ago.</summary>
    public static string Expired(string sale, string buyer) =>
        Issue(sale, buyer, Keys.PurchaseTokens, DateTimeOffset.UtcNow - PurchaseTokens.Life - TimeSpan.FromMinutes(1));

    /// <summary>A token as the server would issue it, without asking for each of thousands.</summary>
    public static string Genuine(string sale, string buyer) =>
        Issue(sale, buyer, Keys.PurchaseTokens, DateTimeOffset.UtcNow);

    /// <summary>A token in time, signed with a key that the server does not know.</summary>
    public static string OfForeignKey(string sale, string buyer) =>
        Issue(sale, buyer, Keys.ForeignPurchaseTokens, DateTimeOffset.UtcNow);

    private static string Issue(string sale, string buyer, byte[] key, DateTimeOffset at) =>
        new PurchaseTokens([key], new StoppedClock(at)).Issue(SaleId.Parse(sale), BuyerId.Parse(buyer)).Token;

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
