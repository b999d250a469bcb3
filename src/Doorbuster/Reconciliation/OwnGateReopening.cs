using Doorbuster.Claims;

namespace Doorbuster.Reconciliation;

/// <summary>Opens a gate anew that this process has in its memory, over a store that it owns.</summary>
/// <remarks>
/// Claims go on meanwhile. From the moment at which the store raises the epoch, what the old gate decides is refused,
/// and told to come again; what the gate is told of ended orders and changed terms meanwhile reaches the new one too
/// (I2, F12, F19). Tests: <c>RepairerTests</c>.
/// </remarks>
/// <param name="gate">The gate.</param>
/// <param name="epochs">The store's side.</param>
public sealed class OwnGateReopening(InMemoryGate gate, IEpochs epochs) : IGateReopening
{
    /// <inheritdoc/>
    public async Task<StockView?> RebuildAsync(SaleId sale, string reason, CancellationToken cancellationToken)
    {
        if (await epochs.FindEpochAsync(sale, cancellationToken) is not { } known)
        {
            return null;
        }

        gate.ExpectReopening(sale);
        var snapshot = await epochs.RaiseAsync(sale, known.Epoch, known.Epoch + 1, reason, cancellationToken);
        return snapshot is null ? null : await gate.OpenAsync(snapshot, cancellationToken);
    }
}
