using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Reconciliation;

namespace Doorbuster.Orders;

/// <summary>
/// Finds orders for those who ask: what the store has, and what a shared gate has admitted and the store does not have
/// yet, which is queued. It reads store, gate, and the store again, for fulfilment may come between the two. What was
/// admitted and is nowhere was lost with its gate: it becomes a rejection, so that its buyer is told the truth (I4).
/// </summary>
/// <param name="ledger">The store.</param>
/// <param name="gate">The gate.</param>
/// <param name="catalog">Where sales are found.</param>
/// <param name="lost">Finds out about what neither has; null where nothing can be lost.</param>
public sealed class OrderFinder(ILedger ledger, IGate gate, Catalog catalog, LostClaims? lost = null)
{
    /// <summary>Finds an order whose id was made for this buyer.</summary>
    /// <param name="id">The order.</param>
    /// <param name="buyer">Whose it is; null where nobody can say, and then it is found in the store alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The order; null where neither has it.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async ValueTask<Order?> FindAsync(OrderId id, BuyerId? buyer, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync([id], cancellationToken) is [var order])
        {
            return order;
        }

        if (gate is not ISharedGate shared || buyer is not { } known
            || !catalog.TryFind(id.Sale.ToString(), out var listing))
        {
            return null;
        }

        if (await shared.TryHeldByAsync(id.Sale, known, cancellationToken) is not { } held)
        {
            // Whether the gate has it nobody can say now, and what it has admitted is in its log.
            return Order.Queue(listing.Sale, id, known, quantity: 0);
        }

        foreach (var one in held.Orders)
        {
            if (one.Key == id.Key && one.Quantity > 0)
            {
                return Order.Queue(listing.Sale, id, known, one.Quantity);
            }
        }

        if (await ledger.FindAsync([id], cancellationToken) is [var late])
        {
            return late;
        }

        return lost is null || !listing.OrderIds.IsGenuine(id, known)
            ? null
            : await lost.FindAsync(id, known, cancellationToken)
                ?? Order.Queue(listing.Sale, id, known, quantity: 0);
    }

    /// <summary>One buyer's orders in a sale, in the order in which they were made.</summary>
    /// <param name="listing">The sale.</param>
    /// <param name="buyer">The buyer.</param>
    /// <param name="choose">Which of them to read; a page of them, perhaps.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    /// <exception cref="GateUnavailableException">Which there are cannot be told now.</exception>
    public async ValueTask<IReadOnlyList<Order>> OfBuyerAsync(
        Listing listing, BuyerId buyer, Func<IReadOnlyList<OrderId>, IReadOnlyList<OrderId>> choose,
        CancellationToken cancellationToken)
    {
        var sale = listing.Sale;
        if (gate is not ISharedGate shared)
        {
            var ids = choose(await gate.OrdersOfAsync(sale.Id, buyer, cancellationToken));
            return ids.Count == 0 ? [] : await ledger.FindAsync(ids, cancellationToken);
        }

        if (await shared.TryHeldByAsync(sale.Id, buyer, cancellationToken) is not { } held
            || held.Epoch < listing.StoreEpoch)
        {
            throw new GateUnavailableException($"The gate of sale '{sale.Id}' is not there now, or lacks orders.");
        }

        var units = held.Orders.ToDictionary(one => new OrderId(sale.Id, one.Key), one => one.Quantity);
        var chosen = choose([.. held.Orders.Select(one => new OrderId(sale.Id, one.Key))]);
        var found = (await ledger.FindAsync(chosen, cancellationToken)).ToDictionary(order => order.Id);
        return
        [
            .. chosen.Select(id => found.GetValueOrDefault(id) ?? Order.Queue(sale, id, buyer, units[id])),
        ];
    }
}
