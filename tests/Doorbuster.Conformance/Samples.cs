using System.Security.Cryptography;
using System.Text;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>Sales, claims and orders for tests, the same on every run: nothing here is drawn.</summary>
public static class Samples
{
    /// <summary>The hour at which the sample sales open.</summary>
    public static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An open-ended sale that opens at <see cref="Noon"/>; its key follows from its id.</summary>
    public static Sale Sale(string id = "drop", int quantity = 10, int limit = 1) => new()
    {
        Id = SaleId.Parse(id),
        Title = $"The {id}",
        Quantity = quantity,
        Price = new Money(1999, "EUR"),
        OpensAt = Noon,
        PerBuyerLimit = limit,
        PaymentWindow = TimeSpan.FromMinutes(10),
        RequirePurchaseToken = true,
        CreatedAt = Noon.AddDays(-1),
        Revision = 1,
        OrderIdKey = SHA256.HashData(Encoding.UTF8.GetBytes(id)),
    };

    /// <summary>A claim as the sale's own mint names it.</summary>
    public static Claim Claim(Sale sale, string buyer, string key = "k", int units = 1)
    {
        var id = BuyerId.Parse(buyer);
        return new Claim(new OrderIdMint(sale.Id, sale.OrderIdKey.Span).Mint(id, key), id, units);
    }

    /// <summary>The reserved order that an admitted claim becomes.</summary>
    public static Order Order(Sale sale, string buyer, string key = "k", int units = 1)
    {
        var claim = Claim(sale, buyer, key, units);
        return new Order(
            claim.Order, claim.Buyer, units, sale.Price.Times(units), OrderStatus.Reserved, Revision: 1,
            CreatedAt: Noon.AddMilliseconds(1), ReservedAt: Noon.AddMilliseconds(2),
            ExpiresAt: Noon + sale.PaymentWindow);
    }

    /// <summary>What a gate that had admitted so many claims before asks the store to commit.</summary>
    public static Admissions Admissions(Sale sale, long epoch, long before, params IReadOnlyList<Order> orders) =>
        new(sale.Id, epoch, before, sale.Revision, Noon, orders.Sum(order => (long)order.Quantity), orders, []);

    /// <summary>What a gate that has units for late money asks the store to commit.</summary>
    public static Admissions Revivals(
        Sale sale, long epoch, long before, DateTimeOffset now, params IReadOnlyList<Claim> claims) =>
        new(sale.Id, epoch, before, sale.Revision, now, claims.Sum(claim => (long)claim.Quantity), [], claims);

    /// <summary>A batch of one sale's claims.</summary>
    public static SaleBatch Batch(Sale sale, params ReadOnlySpan<Claim> claims)
    {
        var batch = new SaleBatch();
        batch.Begin(sale.Id);
        foreach (var claim in claims)
        {
            batch.Add(claim);
        }

        return batch;
    }
}
