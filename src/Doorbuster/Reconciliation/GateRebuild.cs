using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;

namespace Doorbuster.Reconciliation;

/// <summary>The five steps by which a sale's gate is opened anew from the store.</summary>
/// <remarks>
/// <para>
/// Invariant: what the old gate admitted is committed under its own epoch, or never; and the new gate has all that was.
/// The fence keeps the old gate from admitting more while its log is committed; the raised epoch keeps whatever escaped
/// the fence (an old primary, a gate that came back older) from being committed afterwards (F05). So nobody's units are
/// in neither, and nobody's in both (I1, I2).
/// </para>
/// <para>
/// It may stop between any two steps, and two may go through them at once. A fence without a rebuild is found and
/// rebuilt; an epoch without a gate is found and raised again; of two snapshots the one of the higher epoch is the
/// later, a gate is only ever replaced by a higher one, and a snapshot is given to a gate once: whoever does not know
/// whether it was opened raises the epoch again. What the store does between the snapshot and the swap is told to the
/// gate by the outbox, stamped with the raised epoch. Tests: <c>RebuildConformance</c>, <c>RebuilderTests</c>.
/// </para>
/// </remarks>
/// <param name="gate">The gate.</param>
/// <param name="log">What it admitted.</param>
/// <param name="epochs">Raises the epoch, and takes the snapshot.</param>
/// <param name="fulfiller">Commits what is in the log.</param>
/// <param name="options">Sizes.</param>
internal sealed class GateRebuild(
    ISharedGate gate, IClaimLog log, IEpochs epochs, Fulfiller fulfiller, RebuilderOptions options)
{
    /// <summary>Rebuilds one sale's gate.</summary>
    /// <param name="store">The store's epoch.</param>
    /// <param name="ofGate">The gate's epoch, 0 where it is missing: the new one is above both.</param>
    /// <param name="reason">Why, for people to read.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>What the gate says afterwards; null where it is to be looked at again.</returns>
    public async Task<StockView?> RunAsync(
        SaleEpoch store, long ofGate, string reason, CancellationToken cancellationToken)
    {
        var newest = Math.Max(store.Epoch, ofGate);
        if (!await gate.FenceAsync(store.Sale, newest, cancellationToken))
        {
            return null;
        }

        await CommitLogAsync(store.Sale, cancellationToken);
        var snapshot = await epochs.RaiseAsync(store.Sale, store.Epoch, newest + 1, reason, cancellationToken);

        // Once: nobody knows what a gate that this snapshot opened, and that was lost again, has admitted since.
        return snapshot is null ? null : await gate.OpenAsync(snapshot, cancellationToken);
    }

    /// <summary>Everything in the log, whoever has it, comes to stand under the epoch that it carries.</summary>
    private async Task CommitLogAsync(SaleId sale, CancellationToken cancellationToken)
    {
        string? last = null;
        while (await log.ScanAsync(sale, last, options.EntriesAtOnce, cancellationToken) is { Count: > 0 } entries)
        {
            foreach (var portion in Portions.Of(entries, options.ClaimsAtOnce, entry => entry.Claims.Count))
            {
                await fulfiller.FulfilAsync(portion, cancellationToken);
            }

            // They stand now, so whoever has them need not commit them again.
            await log.AcknowledgeAsync(entries, cancellationToken);
            last = entries[^1].Id;
        }
    }
}
