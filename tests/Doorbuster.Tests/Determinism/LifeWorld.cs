using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// The whole life of orders on one thread: production desks, lanes, queue, expiry and settlement over the reference
/// store, with a clock that turns, commits that fail or end unknown, a provider that doubles and delays, and operators
/// who change the sale. At the end faults stop, all comes to rest, and units and money are counted.
/// </summary>
internal sealed class LifeWorld
{
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMilliseconds(200);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new();
    private readonly Catalog _catalog = new();
    private readonly Random _weather;
    private readonly Trace _trace;
    private readonly Sale _sale;
    private readonly InMemoryGate _gate;
    private readonly Lanes _lanes;
    private readonly ClaimDesk _claims;
    private readonly OrderQueue _queue;
    private readonly OrderDesk _orders;
    private readonly Expirer _expirer;
    private readonly Settlement _settlement;
    private readonly SaleOffice _office;
    private readonly RandomProvider _provider;
    private int _faultPercent;

    private LifeWorld(int seed)
    {
        _weather = new Random(seed);
        _faultPercent = _weather.Next(3) * 12;
        _sale = Samples.Sale("life", quantity: _weather.Next(1, 12), limit: _weather.Next(1, 4)) with
        {
            PaymentWindow = TimeSpan.FromMilliseconds(_weather.Next(100, 900)),
        };
        _trace = new Trace(_clock);
        var limits = new Limits { LaneCapacity = 64, BatchSize = 8, OrderBatchSize = _weather.Next(1, 9) };
        var ledger = new FaultyLedger(_store)
        {
            BeforeCommit = _ => DrawFaultAsync(),
            AfterCommit = () => PassAsync(20),
        };
        var store = new FaultyOrderStore(_store, DrawFaultAsync);
        _gate = new InMemoryGate(ledger, _clock, limits.OrdersPerBuyer);
        _gate.OwnershipLost += sale => Assert.Fail($"The gate closed '{sale}', which nobody took over.");
        _lanes = new Lanes(_gate, limits, count: 1, _clock);
        _claims = new ClaimDesk(_lanes, ledger, _clock);
        _provider = new RandomProvider(_weather, PassAsync) { Deliver = DeliverAsync };
        _queue = new OrderQueue(store, new Aftermath(_gate, _catalog, notifier: null), limits, _clock);
        _orders = new OrderDesk(_queue, _provider, _clock);
        _expirer = new Expirer(store, _queue, limits, _clock);
        _settlement = new Settlement(store, ledger, _catalog, _lanes, _orders, _provider, notifier: null, _clock);
        _office = new SaleOffice(_store, _gate, _catalog, limits, _clock);
    }

    /// <summary>Runs one seed's world to its end.</summary>
    /// <returns>What happened, the same lines for the same seed on every machine.</returns>
    public static IReadOnlyList<string> Run(int seed)
    {
        var world = new LifeWorld(seed);
        new SeededScheduler(seed, world._clock).Run(world.LiveAsync);
        return world._trace.Lines;
    }

    private async Task LiveAsync()
    {
        await _office.CreateAsync(_sale, CancellationToken.None);
        using var end = new CancellationTokenSource();
        var running = Task.WhenAll(
            _lanes.RunAsync(CancellationToken.None), _queue.RunAsync(CancellationToken.None),
            UntilAsync(_expirer.RunAsync(end.Token)), UntilAsync(_settlement.RunAsync(end.Token)));
        var buyers = Enumerable.Range(0, _weather.Next(5, 25)).Select(BuyAsync);
        await Task.WhenAll([.. buyers, OperateAsync()]);
        await RestAsync();
        await CheckAsync();
        end.Cancel();
        _lanes.Complete();
        _queue.Complete();
        await running;
    }

    private async Task BuyAsync(int number)
    {
        var buyer = BuyerId.Parse($"buyer-{number}");
        for (var attempt = _weather.Next(1, 4); attempt > 0; attempt--)
        {
            await PassAsync(600);
            Assert.True(_catalog.TryFind("life", out var listing));
            var units = _weather.Next(1, _sale.PerBuyerLimit + 1);
            var answer = await _claims.ClaimAsync(
                listing, buyer, $"k{_weather.Next(3)}", units, CancellationToken.None);
            var word = ClaimTable.Word(answer.Outcome);
            _trace.Add($"{buyer} {units}: {word} {answer.Order?.Status} {answer.Order?.Revision}");
            if (answer.Order is { } order)
            {
                await DecideAsync(order);
            }
        }
    }

    /// <summary>A buyer pays in time, late, twice or wrong, gives the order up, or forgets it.</summary>
    private async Task DecideAsync(Order order)
    {
        await PassAsync(700);
        switch (_weather.Next(8))
        {
            case 0:
                await TellAsync(new OrderCommand.Cancel(order.Id));
                break;
            case 1:
                break;
            case 2:
                await _provider.TakeAsync(PaymentId.Of(order.Id, 1), order.Id, new Money(1, "EUR"));
                break;
            case 3:
                await Task.WhenAll(
                    _provider.TakeAsync(PaymentId.Of(order.Id, 1), order.Id, order.Amount),
                    _provider.TakeAsync(PaymentId.Of(order.Id, 2), order.Id, order.Amount));
                break;
            default:
                await PayAsync(order);
                break;
        }
    }

    private async Task PayAsync(Order order)
    {
        try
        {
            var opened = await _orders.PayAsync(order.Id, CancellationToken.None);
            _trace.Add($"{order.Buyer} pays: {opened.Outcome} {opened.Payment?.Id}");
            if (opened is { Outcome: CommandOutcome.Done or CommandOutcome.Stands, Payment: { } payment })
            {
                await PassAsync(500);
                await _provider.TakeAsync(payment.Id, order.Id, order.Amount);
            }
        }
        catch (Exception fault) when (IsWeather(fault) || fault is PaymentProviderException)
        {
            _trace.Add($"{order.Buyer} pays: {fault.GetType().Name}");
        }
    }

    private async Task OperateAsync()
    {
        for (var i = 0; i < 6; i++)
        {
            await PassAsync(400);
            SaleChange change = _weather.Next(4) switch
            {
                0 => new SaleChange.Pause(),
                1 => new SaleChange.Resume(),
                _ => new SaleChange.Replenish(_weather.Next(1, 4), $"request-{_weather.Next(3)}"),
            };
            var answer = await _office.ChangeAsync(_sale.Id, change, CancellationToken.None);
            _trace.Add($"operator {change}: {answer.Outcome} {answer.Sale?.Quantity}");
        }

        await _office.ChangeAsync(_sale.Id, new SaleChange.Resume(), CancellationToken.None);
    }

    /// <summary>The weather clears, and everything that is open must end in bounded time (I2, I4, I5).</summary>
    private async Task RestAsync()
    {
        _faultPercent = 0;
        _provider.IsFaulty = false;
        var deadline = _clock.GetUtcNow().AddMinutes(30);
        while (IsOpen())
        {
            Assert.True(_clock.GetUtcNow() < deadline, $"Still open: {string.Join(", ", _store.Payments)}");
            await PassAsync(500);
        }
    }

    private bool IsOpen() =>
        _store.Contents(_sale.Id).Orders.Any(order => order.Status == OrderStatus.Reserved)
        || _store.Payments.Any(payment => payment.State == PaymentState.RefundDue || payment.Reviving is not null);

    private async Task CheckAsync()
    {
        var (orders, stock) = _store.Contents(_sale.Id);
        Assert.True(stock.LawHolds, $"{stock}");
        Assert.Equal(0, stock.Reserved);
        Assert.All(
            orders.GroupBy(order => order.Buyer),
            mine => Assert.True(mine.Sum(order => order.Held) <= _sale.PerBuyerLimit, $"{mine.Key} holds too much."));
        var paid = orders.Where(order => order.Status == OrderStatus.Paid)
            .ToDictionary(order => order.Payment!.Id, order => order.Amount);
        Assert.Equal(paid.OrderBy(entry => $"{entry.Key}"), _provider.Kept.OrderBy(entry => $"{entry.Key}"));
        var report = await new Auditor(_store, _gate, _clock, LongestCommit)
            .AuditAsync(_sale.Id, CancellationToken.None);
        Assert.True(report!.LawHolds, $"{string.Join("\n", report.Differences)}\n{string.Join("\n", _trace.Lines)}");
        var events = await _store.EventsAsync(_sale.Id, 0, int.MaxValue, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(no => (long)no), events.Select(entry => entry.No));
        _trace.Add($"at rest: {stock}, {_provider.GivenBack} given back, {orders.Count(order => order.Turn > 0)} late");
        _trace.Add($"revived: {orders.Count(order => order is { Status: OrderStatus.Paid, Turn: > 0 })}");
    }

    /// <summary>The shop answers a webhook only once it is written; until then the provider sends it again.</summary>
    private async Task DeliverAsync(OrderCommand command)
    {
        while (!await TellAsync(command))
        {
            await PassAsync(100);
        }
    }

    private async Task<bool> TellAsync(OrderCommand command)
    {
        try
        {
            var answer = await _orders.DoAsync(command, CancellationToken.None);
            _trace.Add($"{command.GetType().Name}: {answer.Outcome} {answer.Order?.Status} {answer.Payment?.State}");
            return true;
        }
        catch (Exception fault) when (IsWeather(fault))
        {
            _trace.Add($"{command.GetType().Name}: {fault.GetType().Name}");
            return false;
        }
    }

    private async ValueTask<CommitFault> DrawFaultAsync()
    {
        await PassAsync(20);
        return _weather.Next(100) < _faultPercent ? (CommitFault)_weather.Next(1, 4) : CommitFault.None;
    }

    private async ValueTask PassAsync(int mostMs) =>
        await Task.Delay(TimeSpan.FromMilliseconds(_weather.Next(mostMs + 1)), _clock);

    private static bool IsWeather(Exception fault) => fault is StoreUnavailableException or OutcomeUnknownException;

    private static async Task UntilAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException)
        {
            // The world has come to its end.
        }
    }
}
