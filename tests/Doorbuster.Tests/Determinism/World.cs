using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// The production code from the desk to the gate over the reference store, with its buyers, on one thread, in an order
/// and with faults that a seed draws. It checks every answer when it is given, and the law at the end.
/// </summary>
internal sealed class World
{
    /// <summary>Beyond the longest way of a commit here: before it, after it, and reading it back.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMilliseconds(200);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new();
    private readonly Catalog _catalog = new();
    private readonly Random _weather;
    private readonly WorldTerms _terms;
    private readonly Trace _trace;
    private readonly Truth _truth;
    private readonly InMemoryGate _gate;
    private readonly Lanes _lanes;
    private readonly ClaimDesk _desk;
    private bool _buying = true;

    private World(int seed)
    {
        _weather = new Random(seed);
        _terms = WorldTerms.Draw(_weather);
        _trace = new Trace(_clock);
        _truth = new Truth(_store, _clock, _terms.Limits.OrdersPerBuyer);
        var ledger = new FaultyLedger(_store)
        {
            BeforeCommit = DrawFaultAsync,
            AfterCommit = () => PassAsync(20),
            BeforeReadBack = DrawReadBackAsync,
        };
        _gate = new InMemoryGate(ledger, _clock, _terms.Limits.OrdersPerBuyer);
        _gate.OwnershipLost += sale => Assert.Fail($"The gate closed '{sale}', which nobody took over.");
        _lanes = new Lanes(_gate, _terms.Limits, _terms.Lanes, _clock);
        _desk = new ClaimDesk(_lanes, ledger, _clock);
    }

    /// <summary>Runs one seed's world to its end.</summary>
    /// <returns>What happened, the same lines for the same seed on every machine.</returns>
    public static IReadOnlyList<string> Run(int seed)
    {
        var world = new World(seed);
        new SeededScheduler(seed, world._clock).Run(() => world.LiveAsync(seed));
        return world._trace.Lines;
    }

    /// <summary>Makes a claim, writes down what is told, and checks that it is true.</summary>
    public async Task<ClaimAnswer> ClaimAsync(Sale sale, BuyerId buyer, string key, int units)
    {
        Assert.True(_catalog.TryFind(sale.Id.ToString(), out var listing));
        var attempt = _truth.Ask(sale, new Claim(listing.OrderIds.Mint(buyer, key), buyer, units));
        _trace.Add($"{buyer} asks {sale.Id} {key} {units}");
        var answer = await _desk.ClaimAsync(listing, buyer, key, units, CancellationToken.None);
        _trace.Add($"{buyer} told {sale.Id} {key} {units} {ClaimTable.Word(answer.Outcome)} {answer.Order?.Id}");
        _truth.Tell(attempt, answer);
        return answer;
    }

    /// <summary>Lets up to so many milliseconds pass.</summary>
    public async ValueTask PassAsync(int mostMs) =>
        await Task.Delay(TimeSpan.FromMilliseconds(_weather.Next(mostMs + 1)), _clock);

    private async Task LiveAsync(int seed)
    {
        var office = new SaleOffice(_store, _gate, _catalog, _terms.Limits, _clock);
        foreach (var sale in _terms.Sales)
        {
            await office.CreateAsync(sale, CancellationToken.None);
        }

        var running = _lanes.RunAsync(CancellationToken.None);
        var auditing = AuditOnAndOnAsync();
        await Task.WhenAll(Enumerable.Range(0, _terms.Buyers).Select(i => BuyerOf(seed, i).LiveAsync()));
        foreach (var sale in _terms.Sales)
        {
            await SellTheRestAsync(sale);
        }

        _buying = false;
        await auditing;
        await Task.WhenAll(_terms.Sales.Select(sale => AuditAsync(sale)));
        _terms.Sales.ToList().ForEach(_truth.CheckOrders);
        _lanes.Complete();
        await running;
    }

    /// <summary>One buyer after another takes a unit until nothing is left: nothing may have leaked.</summary>
    private async Task SellTheRestAsync(Sale sale)
    {
        for (var i = 0; i <= sale.Quantity; i++)
        {
            var answer = await RandomBuyer.InsistAsync(this, sale, BuyerId.Parse($"last-{i}"), "k", 1);
            if (answer.Outcome == Outcome.Closed)
            {
                return;
            }

            if (answer.Outcome == Outcome.SoldOut)
            {
                Assert.Equal(sale.Quantity, _store.Contents(sale.Id).Orders.Sum(order => order.Quantity));
                return;
            }
        }

        Assert.Fail($"'{sale.Id}' sold more than its {sale.Quantity} units.");
    }

    /// <summary>F13: no audit finds a difference while claims are under way.</summary>
    private async Task AuditOnAndOnAsync()
    {
        // While reading back is impossible, an order can stand that the gate does not know of yet.
        while (_buying && _terms.ReadBackFaultPercent == 0)
        {
            await PassAsync(50);
            await AuditAsync(_terms.Sales[_weather.Next(_terms.Sales.Count)]);
        }
    }

    private async Task AuditAsync(Sale sale)
    {
        var auditor = new Auditor(_store, _gate, _clock, LongestCommit);
        var report = await auditor.AuditAsync(sale.Id, CancellationToken.None);
        Assert.NotNull(report);
        Assert.Empty(report.Differences);
        _trace.Add($"audit {sale.Id} {report.Available} + {report.Reserved}");
    }

    private async ValueTask<CommitFault> DrawFaultAsync(IReadOnlyList<Admissions> admissions)
    {
        var fault = _weather.Next(100) < _terms.FaultPercent ? (CommitFault)_weather.Next(1, 4) : CommitFault.None;
        var sales = admissions.Select(ofSale => $"{ofSale.Sale} {ofSale.Before}+{ofSale.Orders.Count}");
        _trace.Add($"commit {string.Join(", ", sales)}: {fault}");
        await PassAsync(20);
        return fault;
    }

    private async ValueTask<bool> DrawReadBackAsync()
    {
        var succeeds = _weather.Next(100) >= _terms.ReadBackFaultPercent;
        _trace.Add($"read back: {succeeds}");
        await PassAsync(20);
        return succeeds;
    }

    private RandomBuyer BuyerOf(int seed, int number) =>
        new(this, $"buyer-{number}", _terms.Sales, new Random(unchecked((seed * 397) ^ (number * 7919))));
}
