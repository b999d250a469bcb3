namespace Doorbuster.Claims;

/// <summary>
/// A gate outside this process, which nodes share: what it has left is found out by looking.
/// </summary>
public interface IRemoteGate : IGate
{
    /// <summary>How a sale's gate stands, and what it has left.</summary>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken);

    /// <summary>The same of many sales, in one look where the gate can do that.</summary>
    /// <returns>How each stands, in the order of the sales; null of one that cannot be asked now.</returns>
    async ValueTask<IReadOnlyList<GateLook?>> LookAtAllAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken)
    {
        return await Task.WhenAll(sales.Select(TryAsync));

        async Task<GateLook?> TryAsync(SaleId sale)
        {
            try
            {
                return await LookAsync(sale, cancellationToken);
            }
            catch (GateUnavailableException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// One buyer's orders in a sale with what they hold, in the order they were made; null where the gate is not there,
    /// or not to be believed.
    /// </summary>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    ValueTask<IReadOnlyList<HeldOrder>?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken);

    /// <summary>The same of many buyers, at most 1,000, in one look where the gate can do that.</summary>
    /// <returns>
    /// Each buyer's orders, in the order of the buyers; null where the gate is not there, or not to be believed.
    /// </returns>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        var all = new List<IReadOnlyList<HeldOrder>>(buyers.Count);
        foreach (var buyer in buyers)
        {
            if (await HeldByAsync(sale, buyer, cancellationToken) is not { } held)
            {
                return null;
            }

            all.Add(held);
        }

        return all;
    }
}
