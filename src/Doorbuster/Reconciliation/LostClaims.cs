using Doorbuster.Claims;
using Doorbuster.Notification;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Finds claims that a gate had admitted and that were lost with it before the store had them. Each becomes a rejection
/// under its id, so that its buyer is told the truth, and a copy of it that surfaces later is a replay (I4, F20).
/// </summary>
/// <remarks>
/// Invariant: a claim is lost only where the gate of the store's own epoch does not know it, at a moment at which that
/// gate could be believed; the store looks again, under its lock, before it says so. A claim that is admitted at that
/// very moment finds the rejection standing, and its units go back. Tests: <c>LostClaimTests</c>.
/// </remarks>
/// <param name="gate">The gate.</param>
/// <param name="epochs">The store's epochs.</param>
/// <param name="lost">The store's side of such claims.</param>
/// <param name="notifier">Told of rejections; nobody where null.</param>
public sealed class LostClaims(ISharedGate gate, IEpochs epochs, ILostClaims lost, INotifier? notifier = null)
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
    public async ValueTask<Order?> FindAsync(OrderId order, BuyerId buyer, CancellationToken cancellationToken)
    {
        if (await EpochWithoutAsync(order, buyer, cancellationToken) is not { } epoch)
        {
            return null;
        }

        var stands = await lost.RejectLostAsync(order, buyer, epoch, cancellationToken);
        if (stands is not null)
        {
            notifier?.OrdersChanged([stands]);
        }

        return stands;
    }

    /// <summary>
    /// The epoch under which a gate that can be believed does not know the order; null where it knows it, cannot be
    /// believed, or is of another epoch than the store.
    /// </summary>
    private async ValueTask<long?> EpochWithoutAsync(
        OrderId order, BuyerId buyer, CancellationToken cancellationToken)
    {
        try
        {
            // Between two looks that find one epoch open, it was never another.
            var before = await gate.LookAsync(order.Sale, cancellationToken);
            if (before.Standing != GateStanding.Open
                || (await gate.OrdersOfAsync(order.Sale, buyer, cancellationToken)).Contains(order))
            {
                return null;
            }

            var after = await gate.LookAsync(order.Sale, cancellationToken);
            var store = await epochs.FindEpochAsync(order.Sale, cancellationToken);
            return after.Standing == GateStanding.Open && after.Epoch == before.Epoch && store?.Epoch == after.Epoch
                ? after.Epoch
                : null;
        }
        catch (GateUnavailableException)
        {
            return null;
        }
    }
}
