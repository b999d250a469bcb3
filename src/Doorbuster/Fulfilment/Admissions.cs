namespace Doorbuster.Fulfilment;

/// <summary>What a gate admitted of one sale in one batch, with the state of the store that it decided on.</summary>
/// <param name="Sale">The sale.</param>
/// <param name="Epoch">The gate's epoch.</param>
/// <param name="Before">
/// Claims admitted in the sale's whole life before these. Nothing but an admission takes units or fills a buyer's
/// limit, so a store that still counts this many holds nobody's orders that the gate did not know.
/// </param>
/// <param name="Revision">The sale's revision that the gate decided under.</param>
/// <param name="Now">When it decided.</param>
/// <param name="Units">Units of these orders and revivals together.</param>
/// <param name="Orders">New orders, in the order of admission.</param>
/// <param name="Revivals">Expired orders that late money pays; with the orders, there is at least one.</param>
public sealed record Admissions(
    SaleId Sale,
    long Epoch,
    long Before,
    long Revision,
    DateTimeOffset Now,
    long Units,
    IReadOnlyList<Order> Orders,
    IReadOnlyList<Claim> Revivals)
{
    /// <summary>Claims admitted here.</summary>
    public int Count => Orders.Count + Revivals.Count;

    /// <summary>The ids of all of them.</summary>
    public IEnumerable<OrderId> Ids => Orders.Select(order => order.Id).Concat(Revivals.Select(claim => claim.Order));
}
