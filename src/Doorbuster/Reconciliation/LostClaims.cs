using Doorbuster.Claims;
using Doorbuster.Notification;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Finds claims that a gate had admitted and that were lost with it before the store had them. Each becomes a rejection
/// under its id, so that its buyer is told the truth, and a copy of it that surfaces later is a replay (I4, F20).
/// </summary>
/// <remarks>
/// Invariant: a claim is lost only where the gate of the store's own epoch holds nothing for it, at a moment at which
/// that gate could be believed; the store looks again, under its lock, before it says so. A claim that is admitted at
/// that very moment finds the rejection standing, and its units go back. Tests: <c>LostClaimTests</c>.
/// </remarks>
/// <param name="gate">The gate.</param>
/// <param name="lost">The store's side of such claims.</param>
/// <param name="notifier">Told of rejections; nobody where null.</param>
public sealed class LostClaims(ISharedGate gate, ILostClaims lost, INotifier? notifier = null)
{
    /// <summary>
    /// Finds out about an order that the store does not have.
    /// </summary>
    /// <param name="order">Its id, which is genuine.</param>
    /// <param name="buyer">Whose it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// What stands under the id, a rejection perhaps that was made now; null where it is queued, or nobody can tell.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The store cannot be asked now.</exception>
    /// <exception cref="OutcomeUnknownException">Asking again tells.</exception>
    public async ValueTask<Order?> FindAsync(OrderId order, BuyerId buyer, CancellationToken cancellationToken) =>
        (await FindAsync(order, buyer, since: 0, cancellationToken)).Stands;

    /// <summary>Finds out about an order that the store does not have, once a gate was opened anew.</summary>
    /// <param name="order">Its id, which is genuine.</param>
    /// <param name="buyer">Whose it is.</param>
    /// <param name="since">The epoch of that gate: what an earlier one says settles nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// Whether a gate of that epoch or a later one could tell, and what stands under the id; null where it is queued.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The store cannot be asked now.</exception>
    /// <exception cref="OutcomeUnknownException">Asking again tells.</exception>
    public async ValueTask<(bool IsTold, Order? Stands)> FindAsync(
        OrderId order, BuyerId buyer, long since, CancellationToken cancellationToken)
    {
        if (await gate.TryHeldByAsync(order.Sale, buyer, cancellationToken) is not { } held || held.Epoch < since)
        {
            return (false, null);
        }

        if (held.Orders.Any(one => one.Key == order.Key && one.Quantity > 0))
        {
            return (true, null);
        }

        // The store has left this epoch before a gate of a later one opens: then it makes nothing.
        var stands = await lost.RejectLostAsync(order, buyer, held.Epoch, cancellationToken);
        if (stands is not null)
        {
            notifier?.OrdersChanged([stands]);
        }

        return (true, stands);
    }
}
