using System.Collections.Concurrent;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Telemetry;

namespace Doorbuster.Claims;

/// <summary>
/// The gate of one machine: it keeps every sale's holdings in memory, decides on a copy, and takes the decision over
/// only once the order store has it on disk. So there is nothing to roll back: a commit that failed leaves no trace.
/// </summary>
/// <remarks>
/// <para>
/// Invariant: a sale's gate equals the store's last committed state, plus at most one commit whose outcome is unknown;
/// while there is one, nothing of that sale is admitted, and each batch begins by reading it back. Lanes keep two
/// batches of one sale from overlapping. Nobody else writes: the store's count of admissions, which every commit
/// compares, would tell (see <see cref="Admissions"/>), and then the sale is closed here.
/// </para>
/// <para>Shown by <c>GateConformance</c>, <c>LaneDeterminismTests</c> and <c>CommitFaultTests</c>.</para>
/// </remarks>
/// <param name="ledger">The order store.</param>
/// <param name="clock">The gate's time, by which reservations end.</param>
/// <param name="ordersPerBuyer">The most orders kept of one buyer in one sale; further claims are refused.</param>
/// <param name="notifier">Told of the orders that were reserved; nobody where null.</param>
/// <param name="instruments">Measure commits and count orders; nothing is measured where null.</param>
/// <param name="windows">The time by which windows are judged; the gate's own where null.</param>
/// <param name="ordersPerSale">The most orders kept of one sale; with so many it admits nothing.</param>
/// <param name="ordersOfAllSales">The most orders kept of all sales; with so many nothing is admitted.</param>
public sealed class InMemoryGate(
    ILedger ledger, TimeProvider clock, int ordersPerBuyer, INotifier? notifier = null,
    Instruments? instruments = null, SteadyClock? windows = null, int ordersPerSale = int.MaxValue,
    long ordersOfAllSales = long.MaxValue) : IGate
{
    /// <summary>The time between two parts of a sale that is read as a whole.</summary>
    private static readonly TimeSpan BetweenParts = TimeSpan.FromMilliseconds(1);

    private readonly SteadyClock _windows = windows ?? new SteadyClock(clock);
    private readonly ConcurrentDictionary<SaleId, GateSale> _sales = new();
    private readonly OrderRoom _room = new(ordersOfAllSales);

    /// <summary>
    /// Raised when a sale was closed here because the store is no longer in the state this gate knows.
    /// </summary>
    public event Action<SaleId>? OwnershipLost;

    /// <summary>Raised when a sale was first found to have as many orders as may be kept of it.</summary>
    public event Action<SaleId>? Filled;

    /// <summary>Raised once, when all sales together were found to have as many orders as may be kept.</summary>
    public event Action? AllFilled;

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        var now = Truncate(clock.GetUtcNow());
        List<GateDecision>? decided = null;
        var canTell = true;
        foreach (var batch in batches)
        {
            if (_sales.GetValueOrDefault(batch.Sale) is { Unsettled: { } unsettled } sale)
            {
                canTell = canTell && await ReadBackAsync(sale, unsettled, cancellationToken);
            }

            if (Decide(batch, now) is { } decision)
            {
                (decided ??= []).Add(decision);
            }
        }

        if (decided is not null)
        {
            await CommitAsync(decided, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        var opened = new GateSale(snapshot, ordersPerBuyer, ordersPerSale, _room);
        while (true)
        {
            var open = _sales.GetOrAdd(snapshot.Sale.Id, opened);
            if (ReferenceEquals(open, opened))
            {
                opened.EnterRoom();
                return ValueTask.FromResult<StockView?>(opened.View);
            }

            if (open.Epoch >= snapshot.Epoch)
            {
                return ValueTask.FromResult<StockView?>(open.View);
            }

            if (_sales.TryUpdate(snapshot.Sale.Id, opened, open))
            {
                open.LeaveRoom();
                opened.EnterRoom();
                open.HandOver(opened);
                return ValueTask.FromResult<StockView?>(opened.View);
            }
        }
    }

    /// <summary>
    /// The store is about to raise a sale's epoch so that it can be opened anew here. From now on nobody else's hand is
    /// seen in a commit that the store refuses, and what the gate is told reaches the one that is opened, too.
    /// </summary>
    public void ExpectReopening(SaleId sale) => _sales.GetValueOrDefault(sale)?.ExpectSuccessor();

    /// <summary>
    /// Whoever expected that had nothing to open after all: the store refused, or another was faster. Once for each
    /// time that it was expected.
    /// </summary>
    public void GiveUpReopening(SaleId sale) => _sales.GetValueOrDefault(sale)?.GiveUpSuccessor();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        var views = new List<(SaleId, StockView)>();
        foreach (var ofSale in releases.GroupBy(release => release.Order.Sale))
        {
            if (_sales.TryGetValue(ofSale.Key, out var sale))
            {
                views.Add((ofSale.Key, sale.Release([.. ofSale])));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<(SaleId, StockView)>>(views);
    }

    /// <inheritdoc/>
    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_sales.GetValueOrDefault(sale.Id)?.Apply(sale));

    /// <inheritdoc/>
    public async ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        while (_sales.TryGetValue(sale, out var open))
        {
            var report = await ReadAsync(open, cancellationToken);
            if (_sales.GetValueOrDefault(sale) == open)
            {
                return report;
            }

            // Opened anew meanwhile: what was read is no longer what the gate has.
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_sales.GetValueOrDefault(sale)?.OrdersOf(buyer) ?? []);

    private async ValueTask<GateReport> ReadAsync(GateSale open, CancellationToken cancellationToken)
    {
        var reading = open.BeginReading();
        try
        {
            while (open.ReadPart(reading))
            {
                // Claims go first: without a pause the next part would have the lock before whoever waits for it.
                await Task.Delay(BetweenParts, clock, cancellationToken);
            }

            return reading.Conclude();
        }
        finally
        {
            open.EndReading(reading);
        }
    }

    private GateDecision? Decide(SaleBatch batch, DateTimeOffset now)
    {
        if (!_sales.TryGetValue(batch.Sale, out var sale))
        {
            batch.Answers.Fill(new ClaimAnswer(Outcome.SaleUnknown));
            return null;
        }

        var wasFull = sale.IsFull;
        var decision = sale.Decide(batch, now, _windows.GetUtcNow());
        if (sale.IsFull && !wasFull)
        {
            Filled?.Invoke(batch.Sale);
        }

        if (_room.IsFullForTheFirstTime())
        {
            AllFilled?.Invoke();
        }

        return decision;
    }

    private async ValueTask CommitAsync(List<GateDecision> decided, CancellationToken cancellationToken)
    {
        var receipt = await WriteAsync(decided.ConvertAll(d => d.Admissions), cancellationToken);
        var canTell = true;
        foreach (var decision in decided)
        {
            if (receipt.Covers(decision.Admissions.Sale))
            {
                decision.Sale.Accept(decision);
                decision.Batch.View = decision.Sale.View;
                Tell(decision.Admissions);
            }
            else if (receipt.Status == CommitStatus.Failed || receipt.IsChanged(decision.Admissions.Sale))
            {
                decision.Sale.Discard(decision);
            }
            else if (receipt.Status == CommitStatus.Unknown)
            {
                decision.Sale.Suspend(decision);
                canTell = canTell && await ReadBackAsync(decision.Sale, decision, cancellationToken);
                decision.Sale.AnswerSuspended(decision);
                decision.Batch.View = decision.Sale.View;
            }
            else
            {
                Close(decision);
            }
        }
    }

    private async ValueTask<CommitReceipt> WriteAsync(
        List<Admissions> admissions, CancellationToken cancellationToken)
    {
        using var span = Spans.OfCommit(CommitKind.Claims, clock);
        var began = clock.GetTimestamp();
        var receipt = await ledger.CommitAsync(admissions, cancellationToken);
        instruments?.Commits.Record(CommitKind.Claims, receipt.Status, clock.GetElapsedTime(began));
        span.End(receipt.Status);
        return receipt;
    }

    /// <summary>Reads one sale's commit back.</summary>
    /// <returns>
    /// False where the store cannot tell now. It cannot tell of the others then either, and each would wait as long for
    /// a store that does not answer: they stay unknown until the next call (F16).
    /// </returns>
    private async ValueTask<bool> ReadBackAsync(
        GateSale sale, GateDecision unsettled, CancellationToken cancellationToken)
    {
        if (await ledger.ReadBackAsync(unsettled.Admissions, cancellationToken) is not { } standing)
        {
            return false;
        }

        sale.Resolve(unsettled, standing);
        if (unsettled.Stood)
        {
            Tell(unsettled.Admissions);
        }

        return true;
    }

    private void Tell(Admissions admissions)
    {
        instruments?.Orders.Count(admissions);
        notifier?.OrdersChanged(admissions.Orders);
    }

    private void Close(GateDecision decision)
    {
        // Should the sale have been reopened meanwhile, under a higher epoch, it stays open.
        decision.Sale.Discard(decision);
        if (!decision.Sale.ExpectsSuccessor
            && _sales.TryRemove(KeyValuePair.Create(decision.Admissions.Sale, decision.Sale)))
        {
            decision.Sale.LeaveRoom();
            OwnershipLost?.Invoke(decision.Admissions.Sale);
        }
    }

    /// <summary>Times are kept in whole milliseconds, so that the answer and the store say the same.</summary>
    private static DateTimeOffset Truncate(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
