namespace Doorbuster.Claims;

/// <summary>
/// A gate that several nodes share and that may lose everything, or come back older, at any moment. It says so, and is
/// rebuilt from the store under a higher epoch; what it admits is queued in a claim log of its own. Every call may be
/// made again.
/// </summary>
public interface ISharedGate : IRemoteGate
{
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
}
