namespace Doorbuster.Claims;

/// <summary>
/// A gate that several nodes share and that may lose everything, or come back older, at any moment. It says so, and is
/// rebuilt from the store under a higher epoch; what it admits is queued in a claim log of its own. Every call may be
/// made again.
/// </summary>
public interface ISharedGate : IRemoteGate
{
    /// <summary>
    /// The servers among which gates are divided, by any names: one that is silent is so of all its sales, and of no
    /// other's. There is always one at least, and every sale is of one of them.
    /// </summary>
    IReadOnlyCollection<string> Servers { get; }

    /// <summary>
    /// Which of them has a sale's gate, as far as is known. A sale may move, and nobody may rely on it for more than
    /// who is asked beside whom.
    /// </summary>
    string ServerOf(SaleId sale);

    /// <summary>What one buyer's orders hold; null where the gate is not there, or not to be believed.</summary>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    ValueTask<BuyerHoldings?> HeldByAsync(SaleId sale, BuyerId buyer, CancellationToken cancellationToken);

    /// <summary>The same for who can go on without: null also where the gate cannot be asked now.</summary>
    async ValueTask<BuyerHoldings?> TryHeldByAsync(SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        try
        {
            return await HeldByAsync(sale, buyer, cancellationToken);
        }
        catch (GateUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Closes a gate of this epoch or an earlier one to everyone: the first step of a rebuild.</summary>
    /// <returns>
    /// Whether nothing can be admitted any more under this epoch or an earlier one; false where the gate is of a later
    /// one, or it is not sure.
    /// </returns>
    ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the gate of a sale that is over: only where it is closed, of this epoch, and its log is empty.
    /// </summary>
    /// <returns>Whether it is gone; false where it is there, or it is not sure.</returns>
    ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken);

    /// <inheritdoc/>
    async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> IRemoteGate.HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        var all = new List<IReadOnlyList<HeldOrder>>(buyers.Count);
        foreach (var buyer in buyers)
        {
            if (await HeldByAsync(sale, buyer, cancellationToken) is not { } held)
            {
                return null;
            }

            all.Add(held.Orders);
        }

        return all;
    }
}
