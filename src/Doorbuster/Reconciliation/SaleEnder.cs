using Doorbuster.Claims;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Removes the gates of sales that are closed for good, so that a gate holds what is on sale and not all that ever was.
/// It does so in three steps, each of which may be the last one done: the store makes the orders findable by buyer, the
/// gate goes where nothing of it is on its way, and the store notes that the sale is over. A gate that went without
/// that is missing, and is rebuilt like any other.
/// </summary>
/// <remarks>
/// Any number of nodes may do so. They take the lease of rebuilds, which only saves work; what keeps the law is the
/// epoch, which the gate, and then the store, must still have. Tests: <c>EndedSaleTests</c>.
/// </remarks>
/// <param name="gate">The gates.</param>
/// <param name="store">The store's side.</param>
/// <param name="leases">Turns at a sale.</param>
/// <param name="catalog">The sales that this node knows.</param>
/// <param name="ended">Those of them that are over.</param>
/// <param name="patience">How long a sale is known to be closed before its gate goes.</param>
/// <param name="node">A name of this process alone, and of no later life of it.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Takes the log; nothing is logged where null.</param>
public sealed partial class SaleEnder(
    ISharedGate gate, ISaleEnding store, ILease leases, Catalog catalog, EndedSales ended, TimeSpan patience,
    string node, TimeProvider clock, ILogger<SaleEnder>? logger = null)
{
    /// <summary>
    /// How long a sale is usually known to be closed before its gate goes: replays that come with its end are answered
    /// by the gate, which bears a crowd.
    /// </summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(10);

    private readonly Dictionary<SaleId, long> _closedSince = [];

    /// <summary>How far the store has prepared the end of each sale.</summary>
    private readonly Dictionary<SaleId, long> _prepared = [];

    /// <summary>Looks on and on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = patience < LongestPause ? patience : LongestPause;
        while (true)
        {
            await Task.Delay(pause, clock, cancellationToken);
            foreach (var sale in Due())
            {
                await TryEndAsync(sale, cancellationToken);
            }
        }
    }

    /// <summary>Sales that this node has known to be closed for long enough.</summary>
    private List<SaleId> Due()
    {
        var due = new List<SaleId>();
        foreach (var sale in catalog.Ids())
        {
            var isClosed = catalog.TryFind(sale.ToString(), out var listing) && listing.Sale.Mode == SaleMode.Closed;
            if (!isClosed || ended.Has(sale))
            {
                _closedSince.Remove(sale);
                _prepared.Remove(sale);
            }
            else if (!_closedSince.TryGetValue(sale, out var since))
            {
                _closedSince[sale] = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(since) >= patience)
            {
                due.Add(sale);
            }
        }

        return due;
    }

    /// <summary>One sale that cannot be ended keeps no other from it, nor the node from anything.</summary>
    private async Task TryEndAsync(SaleId sale, CancellationToken cancellationToken)
    {
        try
        {
            // A gate that does not stand is the rebuilder's, and what the log has is committed by that first.
            if (await gate.LookAsync(sale, cancellationToken) is { Standing: GateStanding.Open } look
                && await PrepareAsync(sale, cancellationToken) is { } prepared)
            {
                await EndInTurnAsync(sale, look.Epoch, prepared, cancellationToken);
            }
        }
        catch (Exception fault) when (fault is GateUnavailableException or StoreUnavailableException
            or OutcomeUnknownException)
        {
            // The next look tries again.
        }
        catch (Exception fault) when (fault is not OperationCanceledException && logger is not null)
        {
            Log.SaleNotEnded(logger, sale, fault);
        }
    }

    private async Task<long?> PrepareAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var prepared = await store.PrepareAsync(sale, _prepared.GetValueOrDefault(sale), cancellationToken);
        if (prepared is { } place)
        {
            _prepared[sale] = place;
        }

        return prepared;
    }

    private async Task EndInTurnAsync(SaleId sale, long epoch, long prepared, CancellationToken cancellationToken)
    {
        if (await leases.TakeAsync(Rebuilder.LeaseOf(sale), node, LeaseLife, cancellationToken) is not { } lease)
        {
            return;
        }

        try
        {
            if (await gate.RemoveAsync(sale, epoch, cancellationToken)
                && await store.EndAsync(sale, epoch, prepared, cancellationToken) && logger is not null)
            {
                Log.SaleEnded(logger, sale);
            }
        }
        finally
        {
            // Whoever would rebuild a gate that went, and whose sale did not end, need not wait.
            await leases.ReleaseAsync(lease, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.SaleEnded, LogLevel.Information,
            "Sale {Sale} is over: its gate was removed, and the order store answers for it.")]
        public static partial void SaleEnded(ILogger logger, SaleId sale);

        [LoggerMessage(
            EventIds.SaleNotEnded, LogLevel.Error, "Sale {Sale} is over, and its gate could not be removed.")]
        public static partial void SaleNotEnded(ILogger logger, SaleId sale, Exception fault);
    }
}
