namespace Doorbuster.Reconciliation;

/// <summary>Opens one sale's gate anew from the store, whatever it is like: the last means of a repair.</summary>
public interface IGateReopening
{
    /// <summary>Opens the gate under a higher epoch.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="reason">Why, for people to read.</param>
    /// <param name="cancellationToken">Gives up; trying again is safe.</param>
    /// <returns>What the gate says afterwards; null where it was not opened, or somebody else is at it.</returns>
    /// <exception cref="StoreUnavailableException">It was not opened: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It was not opened: try again later.</exception>
    Task<StockView?> RebuildAsync(SaleId sale, string reason, CancellationToken cancellationToken);
}
