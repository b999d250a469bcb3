namespace Doorbuster.Reconciliation;

/// <summary>The order store's side of claims that were admitted and lost with their gate.</summary>
public interface ILostClaims
{
    /// <summary>
    /// In one transaction, under the sale's lock, makes a rejection of a claim that nobody knows: only where nothing
    /// stands under its id, no dead letter has it, and the epoch is still the one under which the gate was asked. From
    /// then on a late copy is a replay of it (F20); the gate is told by the outbox, so that the claim is one there too,
    /// whatever else it would be refused for.
    /// </summary>
    /// <param name="order">The id, which is genuine.</param>
    /// <param name="buyer">Whose it is.</param>
    /// <param name="epoch">The epoch of the gate that does not know it.</param>
    /// <param name="cancellationToken">Ends the call only before the transaction begins.</param>
    /// <returns>
    /// What stands under the id then, however it came to; null where nothing does, and nothing was made, also because
    /// a constraint of the store refuses it.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: doing it again tells.</exception>
    ValueTask<Order?> RejectLostAsync(
        OrderId order, BuyerId buyer, long epoch, CancellationToken cancellationToken);
}
