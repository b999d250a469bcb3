using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Brings a gate back to what its store says, by the means that are used every day: it tells the gate again what the
/// store has ended and changed, by ids and revisions, and where that does not do, opens it anew. It never edits a
/// number, and what breaks the law within the store is left for people to look at.
/// </summary>
/// <remarks>Safe to try again, at any time and by several at once. Tests: <c>RepairerTests</c>.</remarks>
/// <param name="auditor">Finds what differs.</param>
/// <param name="sales">The store's side of sales.</param>
/// <param name="ledger">The store's side of orders.</param>
/// <param name="gate">The gate.</param>
/// <param name="reopening">Opens it anew; null where nothing can.</param>
/// <param name="catalog">Where the sold-out marks are.</param>
public sealed class Repairer(
    Auditor auditor, ISaleStore sales, ILedger ledger, IGate gate, IGateReopening? reopening, Catalog catalog)
{
    private const int OrdersAtOnce = 1_000;

    /// <summary>Repairs one sale's gate where an audit finds that it differs.</summary>
    /// <returns>What an audit finds afterwards; null where there is no such sale.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be asked now.</exception>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    /// <exception cref="OutcomeUnknownException">It may be repaired or not: trying again tells.</exception>
    public async Task<AuditReport?> RepairAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var found = await auditor.AuditAsync(sale, cancellationToken);
        if (found is not { LawHolds: false })
        {
            return found;
        }

        await DeliverAsync(sale, cancellationToken);
        found = await auditor.AuditAsync(sale, cancellationToken);
        if (found is not { LawHolds: false } || reopening is null)
        {
            return found;
        }

        var reason = $"A repair was asked for. {found.Differences[0]}";
        See(sale, await reopening.RebuildAsync(sale, reason, cancellationToken));
        return await auditor.AuditAsync(sale, cancellationToken);
    }

    /// <summary>Tells the gate what it should have been told: twice is once.</summary>
    private async Task DeliverAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var ofGate = await gate.ReportAsync(sale, cancellationToken);
        var ofStore = await sales.ReportAsync(sale, cancellationToken);
        if (ofGate is null || ofStore is null)
        {
            return;
        }

        var ended = ofStore.Orders.Where(order => order.Quantity == 0).Select(order => order.Key).ToHashSet();
        var keys = ofGate.Orders.Where(order => order.Quantity > 0 && ended.Contains(order.Key));
        foreach (var some in keys.Select(order => new OrderId(sale, order.Key)).Chunk(OrdersAtOnce))
        {
            // Only a buyer's claim reserves; what late money takes under a higher turn is paid, and never ends.
            var releases = (await ledger.FindAsync(some, cancellationToken))
                .Where(order => order.Held == 0)
                .Select(order => new Release(order.Id, order.Buyer, Turn: 0, ofStore.Epoch));
            foreach (var (_, view) in await gate.ReleaseAsync([.. releases], cancellationToken))
            {
                See(sale, view);
            }
        }

        if (await sales.FindAsync(sale, cancellationToken) is { } terms)
        {
            See(sale, await gate.ApplyAsync(terms, ofStore.Epoch, cancellationToken));
        }
    }

    private void See(SaleId sale, StockView? view)
    {
        if (view is not null && catalog.TryFind(sale.ToString(), out var listing))
        {
            listing.Mark.Reopen(view);
        }
    }
}
