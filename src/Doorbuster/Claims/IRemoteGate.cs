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

    /// <summary>What the orders of some buyers hold, at most 1,000 buyers.</summary>
    /// <returns>
    /// Each buyer's orders, in the order in which they were made, in the order of the buyers; null where the gate is
    /// not there, or not to be believed.
    /// </returns>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken);
}
