using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Telemetry;

namespace Doorbuster.Claims;

/// <summary>
/// The order store as the gate that nodes share: claims are judged on what the store's own transaction has read, and
/// committed by it before anyone is answered. It remembers nothing but which claims it has told as unknown, so there is
/// nothing to rebuild, and every node may be killed at any moment.
/// </summary>
/// <remarks>
/// Invariant: whatever is told as decided is what a committed transaction has, or was true of a committed state. A
/// transaction whose end nobody knows is judged again under the same ids, once it has ended (F08); what nobody can tell
/// then is told as unknown. Tests: <c>StoreGateConformance</c>.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="clock">The time between two tries; claims are judged by the store's own.</param>
/// <param name="ordersPerBuyer">The most orders kept of one buyer in one sale; further claims are refused.</param>
/// <param name="patience">How often a batch is tried that others are in the way of.</param>
/// <param name="draw">Draws a number from 0 up to 1, by the host's chance.</param>
/// <param name="notifier">Told of the orders that were reserved; nobody where null.</param>
/// <param name="instruments">Measure commits and count orders; nothing is measured where null.</param>
public sealed class StoreGate(
    IGateStore store, TimeProvider clock, int ordersPerBuyer, GatePatience patience, Func<double> draw,
    INotifier? notifier = null, Instruments? instruments = null) : IRemoteGate
{
    /// <summary>A transaction that nobody knows the end of is looked for so often.</summary>
    private const int MostDoubts = 3;

    private readonly LatestTime _windows = new();
    private readonly UnknownEnds _unknown = new();

    /// <inheritdoc/>
    public async ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        var trials = batches.Select(batch => new StoreTrial(batch, _unknown)).ToDictionary(trial => trial.Batch);
        List<SaleBatch> open = [.. batches];
        var (losses, doubts) = (0, 0);
        while (true)
        {
            var isInDoubt = doubts > 0 || _unknown.HasAnyOf(open);
            var receipt = await WriteAsync(open, trials, isInDoubt, cancellationToken);
            open = Conclude(open, trials, receipt);
            if (open.Count == 0)
            {
                return;
            }

            var (tries, most) = receipt.Status == CommitStatus.Unknown
                ? (++doubts, MostDoubts)
                : (++losses, patience.Tries);
            if (tries >= most)
            {
                GiveUp(open, trials);
                return;
            }

            await Task.Delay(patience.Wait(tries, draw()), clock, cancellationToken);
        }
    }

    /// <summary>The store has the sale already: this says what it has left.</summary>
    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken) =>
        TryLookAsync(snapshot.Sale.Id, cancellationToken);

    /// <summary>The store has given the units back already: this says what their sales have left.</summary>
    public async ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        var views = new List<(SaleId, StockView)>();
        foreach (var sale in releases.Select(release => release.Order.Sale).Distinct())
        {
            if (await TryLookAsync(sale, cancellationToken) is { } view)
            {
                views.Add((sale, view));
            }
        }

        return views;
    }

    /// <summary>The store has these terms already: this says what their sale has left.</summary>
    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        TryLookAsync(sale.Id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        AskAsync(() => store.ReadOrdersAsync(sale, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        [
            .. (await HeldByAllAsync(sale, [buyer], cancellationToken))![0]
                .Select(order => new OrderId(sale, order.Key)),
        ];

    /// <inheritdoc/>
    public async ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        await AskAsync(() => store.LookAsync(sale, cancellationToken)) is { } view
            ? new GateLook(GateStanding.Open, view.Epoch, view)
            : new GateLook(GateStanding.Missing, 0);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) =>
        await AskAsync(() => store.HeldByAllAsync(sale, buyers, cancellationToken));

    private async ValueTask<CommitReceipt> WriteAsync(
        List<SaleBatch> batches, Dictionary<SaleBatch, StoreTrial> trials, bool isInDoubt,
        CancellationToken cancellationToken)
    {
        using var span = Spans.OfCommit(CommitKind.Claims, clock);
        var began = clock.GetTimestamp();
        var hasGranted = false;
        var receipt = await store.ClaimAsync(batches, Judge, isInDoubt, cancellationToken);
        if (hasGranted || receipt.Status != CommitStatus.Committed)
        {
            instruments?.Commits.Record(CommitKind.Claims, receipt.Status, clock.GetElapsedTime(began));
        }

        span.End(receipt.Status);
        return receipt;

        Admissions? Judge(SaleBatch batch, FoundSale? sale, DateTimeOffset now)
        {
            var granted = trials[batch].Judge(sale, Truncate(now), _windows.AtLeast(now), ordersPerBuyer);
            hasGranted = hasGranted || granted is not null;
            return granted;
        }
    }

    /// <summary>Settles what can be told.</summary>
    /// <returns>The batches that are to be tried again.</returns>
    private List<SaleBatch> Conclude(
        IReadOnlyList<SaleBatch> batches, Dictionary<SaleBatch, StoreTrial> trials, CommitReceipt receipt)
    {
        var again = new List<SaleBatch>();
        foreach (var batch in batches)
        {
            var trial = trials[batch];
            if (receipt.Status == CommitStatus.Failed)
            {
                trial.GiveUp();
            }
            else if (receipt.Status == CommitStatus.Unknown && trial.Granted is not null)
            {
                trial.Doubt();
                again.Add(batch);
            }
            else if (receipt.IsChanged(batch.Sale))
            {
                instruments?.Commits.CountRetry();
                again.Add(batch);
            }
            else
            {
                trial.Accept();
                Tell(trial.Standing);
            }
        }

        return again;
    }

    private static void GiveUp(IReadOnlyList<SaleBatch> batches, Dictionary<SaleBatch, StoreTrial> trials)
    {
        foreach (var batch in batches)
        {
            trials[batch].GiveUp();
        }
    }

    private void Tell(IEnumerable<Admissions> standing)
    {
        foreach (var granted in standing)
        {
            instruments?.Orders.Count(granted);
            notifier?.OrdersChanged(granted.Orders);
        }
    }

    private async ValueTask<StockView?> TryLookAsync(SaleId sale, CancellationToken cancellationToken)
    {
        try
        {
            return await store.LookAsync(sale, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StoreUnavailableException fault)
        {
            throw new GateUnavailableException(
                $"The order store is the gate, and cannot be asked. {fault.Message}", fault);
        }
    }

    /// <summary>Times are kept in whole milliseconds, so that the answer and the store say the same.</summary>
    private static DateTimeOffset Truncate(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}

/// <summary>How often a batch is tried that others are in the way of, and how long it waits between tries.</summary>
/// <param name="Tries">Tries in all, at least 1; after the last its claims are told <c>busy</c>.</param>
/// <param name="FirstWait">The longest wait after the first try; it doubles with each.</param>
/// <param name="LongestWait">The longest wait of all.</param>
public sealed record GatePatience(int Tries, TimeSpan FirstWait, TimeSpan LongestWait)
{
    /// <summary>
    /// Full jitter: any time up to the longest, so that those who were in each other's way come at different times.
    /// </summary>
    /// <param name="tries">Tries so far, from 1.</param>
    /// <param name="drawn">A number from 0 up to 1.</param>
    public TimeSpan Wait(int tries, double drawn)
    {
        var longest = FirstWait * Math.Pow(2, Math.Min(tries - 1, 20));
        return drawn * (longest < LongestWait ? longest : LongestWait);
    }
}
