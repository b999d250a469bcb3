using Doorbuster.Claims;

namespace Doorbuster.Reconciliation;

/// <summary>
/// The order store's side of epochs: a number of each sale that grows when its gate is opened anew. What was admitted
/// under an older one, and the store has not committed by then, it never commits.
/// </summary>
public interface IEpochs
{
    /// <summary>Every sale whose gate should be open, in ascending order of id.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken);

    /// <summary>One sale; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction, under the sale's lock, raises the epoch and takes the snapshot that a gate is opened
    /// with: who holds what, what has ended, and the dead letters that there is room for, as holdings that carry the
    /// new epoch from now on.
    /// </summary>
    /// <param name="sale">The sale.</param>
    /// <param name="from">The epoch that it is raised from.</param>
    /// <param name="to">
    /// The new one, which is higher: the next, or one above a gate that is ahead because the store was restored.
    /// </param>
    /// <param name="reason">Why, for people to read.</param>
    /// <param name="cancellationToken">Gives up; it may be done or not.</param>
    /// <returns>Null where there is no such sale, or its epoch is another one: somebody else has raised it.</returns>
    /// <exception cref="StoreUnavailableException">It may be done or not; the sale's epoch tells.</exception>
    ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken);
}

/// <summary>The epoch that a sale's gate should have.</summary>
/// <param name="Sale">The sale.</param>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="HasDrifted">Whether a gate of this epoch has promised units that there were not.</param>
/// <param name="IsOver">Whether the gate was removed for good: the store alone answers.</param>
public readonly record struct SaleEpoch(SaleId Sale, long Epoch, bool HasDrifted = false, bool IsOver = false);
