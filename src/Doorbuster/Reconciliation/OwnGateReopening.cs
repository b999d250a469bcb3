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
        GateSnapshot? snapshot;
        try
        {
            snapshot = await epochs.RaiseAsync(sale, known.Epoch, known.Epoch + 1, reason, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Where it may have been raised after all, what the store refuses from now on is nobody else's doing.
            if (await IsStillAsync(sale, known.Epoch))
            {
                gate.GiveUpReopening(sale);
            }

            throw;
        }

        if (snapshot is null)
        {
            gate.GiveUpReopening(sale);
            return null;
        }

        return await gate.OpenAsync(snapshot, cancellationToken);
    }

    private async Task<bool> IsStillAsync(SaleId sale, long epoch)
    {
        try
        {
            return await epochs.FindEpochAsync(sale, CancellationToken.None) is { } now && now.Epoch == epoch;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
