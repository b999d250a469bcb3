using Doorbuster.Claims;
using Doorbuster.Fulfilment;

namespace Doorbuster.Simulation.Storage;

/// <content>What is on disk where the store itself is the gate.</content>
internal sealed partial class DurableStore
{
    /// <summary>Whether it was the gate itself that worked on it last.</summary>
    public bool IsGate { get; private set; }

    /// <summary>Told of a sale that has units again; nobody where null.</summary>
    public Action<SaleId>? Reopened { get; set; }

    /// <summary>
    /// The store is the gate from now on: where another gate worked on it before, nothing that it decided counts any
    /// more.
    /// </summary>
    /// <returns>The number of who works on it now.</returns>
    public long BecomeGate()
    {
        if (!IsGate)
        {
            TakeOver(Owner + 1);
            IsGate = true;
        }

        return Owner;
    }

    /// <summary>What claims of a sale are judged on.</summary>
    public FoundSale? FindFor(SaleBatch batch)
    {
        if (Find(batch.Sale) is not { } row)
        {
            return null;
        }

        var (sale, claims) = (row.Sale, batch.Claims.ToArray());
        var buyers = claims.Select(claim => claim.Buyer).ToHashSet();
        return new FoundSale(
            row.Epoch, row.AvailableVersion, row.Admitted, sale.Revision, row.Stock.Available,
            new FoundTerms(
                sale.OpensAt, sale.ClosesAt, sale.Mode, sale.PerBuyerLimit, sale.Price, sale.PaymentWindow))
        {
            Buyers = row.Orders.Where(order => buyers.Contains(order.Buyer)).GroupBy(order => order.Buyer)
                .ToDictionary(mine => mine.Key, mine => (mine.Sum(order => order.Held), mine.Count())),
            Standing =
            [
                .. claims.Select(claim => claim.Order.Key).Distinct().Select(row.Find).OfType<Order>()
                    .Select(order => new StandingOrder(
                        order.Buyer, new HeldOrder(order.Id.Key, order.Held, order.Held == 0 ? 0 : order.Turn),
                        order.ReservedAt)),
            ],
            Asks = claim => FulfilmentRule.Asks(claim, Find(claim.Order), Find(claim.Revival!.Payment)),
        };
    }

    /// <summary>Writes what claims were granted, of one sale after another.</summary>
    public void Grant(IReadOnlyList<Admissions> granted)
    {
        Version++;
        foreach (var ofSale in granted)
        {
            var row = Find(ofSale.Sale)!;
            var before = row.AvailableVersion;
            row.Add(ofSale);
            Revive(ofSale);
            row.AvailableVersion = Math.Min(row.AvailableVersion, before + 1);
        }
    }

    /// <summary>What a sale has left.</summary>
    public static StockView ViewOf(DurableSale row) => new(row.Epoch, row.AvailableVersion, row.Stock.Available);
}
