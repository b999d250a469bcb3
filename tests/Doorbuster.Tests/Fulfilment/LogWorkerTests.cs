using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Xunit;

namespace Doorbuster.Tests.Fulfilment;

/// <summary>The worker's loop, on one thread and by a clock that the test turns.</summary>
public sealed class LogWorkerTests : IAsyncLifetime
{
    private static readonly FulfilmentOptions Options = new() { ClaimsAtOnce = 8 };

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingFulfilment _ledger = new();
    private readonly FaultyFulfilment _faulty;
    private readonly InMemorySharedGate _gate;
    private readonly Sale _sale = Samples.Sale(quantity: 1_000) with { OpensAt = DateTimeOffset.UnixEpoch };
    private int _buyers;
    private Task _worker = Task.CompletedTask;

    public LogWorkerTests()
    {
        _faulty = new FaultyFulfilment(_ledger);
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromHours(1));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var stock = new Stock(_sale.Quantity, _sale.Quantity, 0, 0, 0);
        await _gate.OpenAsync(new GateSnapshot(_sale, 1, stock, 0, new Holdings()), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task What_the_gate_admits_stands_in_the_store_and_leaves_the_log()
    {
        Start();
        Claim[] claims = [.. await AdmitAsync(3), .. await AdmitAsync(2)];

        Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Empty(_gate.LogOf(_sale.Id));
    }

    [Fact]
    public async Task Entries_share_a_transaction_up_to_so_many_claims()
    {
        foreach (var claims in (int[])[3, 3, 3, 9, 1])
        {
            await AdmitAsync(claims);
        }

        Start();

        Assert.Equal([6, 3, 9, 1], _ledger.Transactions);
    }

    [Fact]
    public async Task F16_a_store_that_is_away_is_waited_for_and_nothing_is_split_or_lost()
    {
        _faulty.IsAway = true;
        Start();
        var claims = await AdmitAsync(4);
        Turn(TimeSpan.FromMinutes(5));
        Assert.Single(_gate.LogOf(_sale.Id));

        _faulty.IsAway = false;
        Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([4], _ledger.Transactions);
        Assert.Empty(_gate.LogOf(_sale.Id));
    }

    [Fact]
    public async Task F08_a_commit_of_unknown_outcome_is_made_again_under_the_same_ids()
    {
        _faulty.LosesNextReply = true;
        Start();
        var claims = await AdmitAsync(4);

        Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([4, 4], _ledger.Transactions);
        Assert.Empty(_gate.LogOf(_sale.Id));
    }

    [Fact]
    public async Task F09_a_bad_claim_becomes_a_dead_letter_and_the_rest_is_committed()
    {
        Claim[] claims = [.. await AdmitAsync(5), .. await AdmitAsync(2)];
        _ledger.Bad.UnionWith([claims[3].Order, claims[6].Order]);

        Start();
        Turn();

        Assert.Equal(claims.Except([claims[3], claims[6]]), _ledger.Committed);
        Assert.Equal([claims[3].Order, claims[6].Order], _ledger.Buried);
        Assert.Empty(_gate.LogOf(_sale.Id));
    }

    [Fact]
    public async Task F07_what_a_worker_left_that_died_before_it_acknowledged_is_anothers_and_a_replay()
    {
        var dead = new InMemoryClaimLog(_gate, _clock);
        var claims = await AdmitAsync(3);
        await _ledger.FulfilAsync(await dead.ReadAsync([_sale.Id], most: 9, Cancel), Cancel);

        Start();
        Turn(Options.TakeOverAfter * 2);

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([3, 3], _ledger.Transactions);
        Assert.Empty(_gate.LogOf(_sale.Id));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_leaves_what_it_had_to_others()
    {
        _faulty.IsAway = true;
        Start();
        var claims = await AdmitAsync(2);
        Turn();

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _worker);
        Assert.Single(_gate.LogOf(_sale.Id));

        _faulty.IsAway = false;
        using var again = new CancellationTokenSource();
        _ = Worker().RunAsync(again.Token);
        Turn(Options.TakeOverAfter * 2);
        await again.CancelAsync();
        Assert.Equal(claims, _ledger.Committed);
    }

    private void Start() => _worker = Worker().RunAsync(_stop.Token);

    private LogWorker Worker() => new(
        new InMemoryClaimLog(_gate, _clock), new Fulfiller(_faulty, _clock), () => [_sale.Id], Options, _clock);

    private async Task<Claim[]> AdmitAsync(int count)
    {
        var claims = Enumerable.Range(0, count).Select(_ => Samples.Claim(_sale, $"buyer-{_buyers++}")).ToArray();
        await _gate.ClaimAsync([Samples.Batch(_sale, claims)], Cancel);
        return claims;
    }

    private void Turn(TimeSpan? by = null) => _clock.Advance(by ?? TimeSpan.FromSeconds(1));
}
