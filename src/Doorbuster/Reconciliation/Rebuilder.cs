using System.Collections.Concurrent;
using System.Threading.Channels;
using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Watches over the gates that nodes share, in one loop, and opens anew from the store whatever is missing, damaged, of
/// an older epoch than the store's, fenced by a node that is gone, or has promised units that there were not.
/// </summary>
/// <remarks>
/// Every node may run one. They take turns at a sale by a lease, which only saves work: what keeps the law while two
/// rebuild at once is the epoch, see <see cref="GateRebuild"/>. A node that dies at it is followed by another once the
/// lease has run out. Tests: <c>RebuilderTests</c>, <c>RebuildConformance</c>.
/// </remarks>
/// <param name="gate">The gates.</param>
/// <param name="log">What they have admitted.</param>
/// <param name="epochs">The store's side.</param>
/// <param name="leases">Turns at a sale.</param>
/// <param name="fulfiller">Commits what is in the log.</param>
/// <param name="options">Sizes and times.</param>
/// <param name="node">A name of this process alone, and of no later life of it.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Takes the log; nothing is logged where null.</param>
public sealed partial class Rebuilder(
    ISharedGate gate, IClaimLog log, IEpochs epochs, ILease leases, Fulfiller fulfiller, RebuilderOptions options,
    string node, TimeProvider clock, ILogger<Rebuilder>? logger = null) : IGateReopening
{
    /// <summary>More looks a second would be felt by those who claim.</summary>
    private static readonly TimeSpan LeastPerLook = TimeSpan.FromMilliseconds(2);

    private const int LooksAtOnce = 64;

    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(20);

    private readonly GateRebuild _rebuild = new(gate, log, epochs, fulfiller, options);
    private readonly ConcurrentDictionary<SaleId, StockView> _seen = new();

    /// <summary>Sales whose gates cannot be looked after now; it is said once.</summary>
    private readonly ConcurrentDictionary<SaleId, bool> _postponed = new();

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SaleId> _suspects = new(StringComparer.Ordinal);

    // There is something to do: one such word is enough.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>
    /// Raised when a gate was seen open under an epoch that this node had not seen, whoever opened it: what it believed
    /// of the one before is old.
    /// </summary>
    public event Action<SaleId, StockView>? EpochBegan;

    /// <summary>The name of the lease under which one node at a time opens or removes a sale's gate.</summary>
    public static string LeaseOf(SaleId sale) => $"rebuild {sale}";

    /// <summary>A claim of this sale met no gate: the loop looks at it at once.</summary>
    public void Suspect(SaleId sale)
    {
        lock (_lock)
        {
            _suspects[sale.ToString()] = sale;
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Watches and rebuilds until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var alarm = clock.CreateTimer(
            _ => _wake.Writer.TryWrite(true), null, TimeSpan.Zero, options.LookEvery);
        long? lookedAt = null;
        var every = TimeSpan.Zero;
        while (true)
        {
            await _wake.Reader.ReadAsync(cancellationToken);
            await MendSuspectsAsync(cancellationToken);
            if (lookedAt is not { } before || clock.GetElapsedTime(before) >= every)
            {
                lookedAt = clock.GetTimestamp();
                var (_, sales) = await MendAllAsync(cancellationToken);
                var least = LeastPerLook * sales;
                every = least > options.LookEvery ? least : options.LookEvery;
            }

            await Task.Delay(LeastPause, clock, cancellationToken);
        }
    }

    /// <summary>Looks at every sale's gate once, and rebuilds those that need it.</summary>
    /// <returns>Whether all of them stand now, and how many sales there are.</returns>
    public async Task<(bool AllStand, int Sales)> MendAllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SaleEpoch> sales;
        try
        {
            sales = await epochs.ReadEpochsAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return (false, 0);
        }

        var suspects = new List<SaleEpoch>();
        var allSaid = true;
        foreach (var some in sales.Chunk(LooksAtOnce))
        {
            allSaid &= await LookAsync(some, suspects, cancellationToken);
        }

        var next = -1;
        var ends = await Task.WhenAll(Enumerable.Range(0, options.SalesAtOnce).Select(_ => MendSomeAsync()));
        return (allSaid && Array.TrueForAll(ends, allStand => allStand), sales.Count);

        async Task<bool> MendSomeAsync()
        {
            var allStand = true;
            while (Interlocked.Increment(ref next) is var i && i < suspects.Count)
            {
                allStand &= await MendAsync(suspects[i], cancellationToken);
            }

            return allStand;
        }
    }

    /// <summary>Looks at one sale's gate, and rebuilds it where it needs that and nobody else is at it.</summary>
    /// <returns>Whether it stands now; false where it is to be looked at again.</returns>
    public async Task<bool> MendAsync(SaleId sale, CancellationToken cancellationToken)
    {
        try
        {
            return await epochs.FindEpochAsync(sale, cancellationToken) is { IsOver: false } store
                && await MendAsync(store, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<StockView?> RebuildAsync(SaleId sale, string reason, CancellationToken cancellationToken)
    {
        try
        {
            return await RebuildInTurnAsync(sale, reason, cancellationToken);
        }
        catch (Exception fault) when (Passes(fault))
        {
            Note(sale, fault.Message);
            return null;
        }
    }

    /// <summary>
    /// Looks at some gates together, and notes those that may not stand: each is looked at once more in its turn.
    /// </summary>
    /// <returns>Whether all of them could be looked at.</returns>
    private async Task<bool> LookAsync(
        SaleEpoch[] sales, List<SaleEpoch> suspects, CancellationToken cancellationToken)
    {
        var looks = await gate.LookAtAllAsync(Array.ConvertAll(sales, store => store.Sale), cancellationToken);
        foreach (var (store, look) in sales.Zip(looks))
        {
            if (look is not { } known)
            {
                Note(store.Sale, "The gate cannot be asked now.");
            }
            else if (known.View is { } view && FaultOf(store, known) is null)
            {
                See(store.Sale, view);
            }
            else
            {
                suspects.Add(store);
            }
        }

        return looks.All(look => look is not null);
    }

    private async Task MendSuspectsAsync(CancellationToken cancellationToken)
    {
        SaleId[] suspects;
        lock (_lock)
        {
            suspects = [.. _suspects.Values];
            _suspects.Clear();
        }

        foreach (var sale in suspects)
        {
            await MendAsync(sale, cancellationToken);
        }
    }

    private async Task<bool> MendAsync(SaleEpoch store, CancellationToken cancellationToken)
    {
        try
        {
            var look = await gate.LookAsync(store.Sale, cancellationToken);
            if (FaultOf(store, look) is null && look.View is { } view)
            {
                See(store.Sale, view);
                return true;
            }

            return await RebuildInTurnAsync(store.Sale, reason: null, cancellationToken) is not null;
        }
        catch (Exception fault) when (Passes(fault))
        {
            Note(store.Sale, fault.Message);
            return false;
        }
    }

    /// <summary>Takes the lease, looks again, and rebuilds.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="reason">Why; null where the look says it, or says that nothing need be done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<StockView?> RebuildInTurnAsync(
        SaleId sale, string? reason, CancellationToken cancellationToken)
    {
        if (await leases.TakeAsync(LeaseOf(sale), node, options.LeaseLife, cancellationToken) is not { } lease)
        {
            return null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(lease, stop.Token);
        try
        {
            // The store is read after the gate, which is never ahead of it, but where the store was restored.
            var look = await gate.LookAsync(sale, cancellationToken);
            var known = await epochs.FindEpochAsync(sale, cancellationToken);
            if (known is not { IsOver: false } store)
            {
                return null;
            }

            reason ??= FaultOf(store, look);
            return reason is null ? look.View : await RebuildAsync(store, look, reason, cancellationToken);
        }
        finally
        {
            stop.Cancel();
            await renewing;
            await GiveBackAsync(lease);
        }
    }

    private async Task<StockView?> RebuildAsync(
        SaleEpoch store, GateLook look, string reason, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var view = await _rebuild.RunAsync(store, look.Epoch, reason, cancellationToken);
        if (view is not null)
        {
            if (logger is not null)
            {
                Log.GateRebuilt(logger, store.Sale, view.Epoch, clock.GetElapsedTime(began).TotalMilliseconds, reason);
            }

            See(store.Sale, view);
        }

        return view;
    }

    /// <summary>Why a gate is to be rebuilt; null where it stands.</summary>
    private static string? FaultOf(SaleEpoch store, GateLook look) => look.Standing switch
    {
        GateStanding.Missing => "The gate is missing.",
        GateStanding.Damaged => "Parts of the gate are gone or of another age, or its server is another one.",
        GateStanding.Fenced => "A rebuild of the gate was begun, and nobody ended it.",
        _ when look.Epoch != store.Epoch => $"The gate is of epoch {look.Epoch}, and the store of {store.Epoch}.",
        _ when store.HasDrifted => "The gate has promised units that there were not.",
        _ => null,
    };

    /// <summary>Keeps the lease until it is told to stop; one that is lost anyway costs work, and no more.</summary>
    private async Task RenewAsync(LeaseGrant lease, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await Task.Delay(options.LeaseLife / 3, clock, cancellationToken);
            }
            while (await TryRenewAsync(lease, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The rebuild has ended.
        }
    }

    private async Task<bool> TryRenewAsync(LeaseGrant lease, CancellationToken cancellationToken)
    {
        try
        {
            return await leases.RenewAsync(lease, options.LeaseLife, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    private async Task GiveBackAsync(LeaseGrant lease)
    {
        try
        {
            await leases.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // It runs out by itself.
        }
    }

    private void See(SaleId sale, StockView view)
    {
        var before = _seen.TryGetValue(sale, out var seen) ? seen.Epoch : 0;
        _seen[sale] = view;
        _postponed.TryRemove(sale, out _);
        if (view.Epoch > before)
        {
            EpochBegan?.Invoke(sale, view);
        }
    }

    private void Note(SaleId sale, string reason)
    {
        if (_postponed.TryAdd(sale, true) && logger is not null)
        {
            Log.RebuildPostponed(logger, sale, reason);
        }
    }

    /// <summary>Whether it comes of the surroundings: the next look tries again.</summary>
    private static bool Passes(Exception fault) => fault is GateUnavailableException or ClaimLogUnavailableException
        or StoreUnavailableException or OutcomeUnknownException;

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.GateRebuilt, LogLevel.Warning,
            "The gate of sale {Sale} was opened anew under epoch {Epoch}, in {Milliseconds:0} ms. {Reason}")]
        public static partial void GateRebuilt(
            ILogger logger, SaleId sale, long epoch, double milliseconds, string reason);

        [LoggerMessage(
            EventIds.RebuildPostponed, LogLevel.Warning,
            "The gate of sale {Sale} could not be looked after, and will be in a moment: {Reason}")]
        public static partial void RebuildPostponed(ILogger logger, SaleId sale, string reason);
    }
}
