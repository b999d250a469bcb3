using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Xunit;

namespace Doorbuster.Tests.Fulfilment;

/// <summary>The worker's loop, on one thread and by a clock that the test turns.</summary>
public sealed class LogWorkerTests : IAsyncLifetime
{
    private readonly LogScene _scene = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingFulfilment _ledger = new();
    private readonly FaultyFulfilment _faulty;
    private Task _worker = Task.CompletedTask;

    public LogWorkerTests() => _faulty = new FaultyFulfilment(_ledger);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _scene.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task What_the_gate_admits_stands_in_the_store_and_leaves_the_log()
    {
        Start();
        Claim[] claims = [.. await _scene.AdmitAsync(3), .. await _scene.AdmitAsync(2)];

        _scene.Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task Entries_share_a_transaction_up_to_so_many_claims()
    {
        foreach (var claims in (int[])[3, 3, 3, 9, 1])
        {
            await _scene.AdmitAsync(claims);
        }

        Start();

        Assert.Equal([6, 3, 9, 1], _ledger.Transactions);
    }

    [Fact]
    public async Task F16_a_store_that_is_away_is_waited_for_and_nothing_is_split_or_lost()
    {
        _faulty.IsAway = true;
        Start();
        var claims = await _scene.AdmitAsync(4);
        _scene.Turn(TimeSpan.FromMinutes(5));
        Assert.Single(_scene.Entries);

        _faulty.IsAway = false;
        _scene.Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([4], _ledger.Transactions);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F08_a_commit_of_unknown_outcome_is_made_again_under_the_same_ids()
    {
        _faulty.LosesNextReply = true;
        Start();
        var claims = await _scene.AdmitAsync(4);

        _scene.Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([4, 4], _ledger.Transactions);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F09_a_bad_claim_becomes_a_dead_letter_and_the_rest_is_committed()
    {
        Claim[] claims = [.. await _scene.AdmitAsync(5), .. await _scene.AdmitAsync(2)];
        _ledger.Bad.UnionWith([claims[3].Order, claims[6].Order]);

        Start();
        _scene.Turn();

        Assert.Equal(claims.Except([claims[3], claims[6]]), _ledger.Committed);
        Assert.Equal([claims[3].Order, claims[6].Order], _ledger.Buried);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F07_what_a_worker_left_that_died_before_it_acknowledged_is_anothers_and_a_replay()
    {
        var dead = _scene.Log;
        var claims = await _scene.AdmitAsync(3);
        await _ledger.FulfilAsync(await dead.ReadAsync([_scene.Sale.Id], most: 9, Cancel), Cancel);

        Start();
        _scene.Turn(_scene.Reading.TakeOverAfter * 2);

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([3, 3], _ledger.Transactions);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_leaves_what_it_had_to_others()
    {
        _faulty.IsAway = true;
        Start();
        var claims = await _scene.AdmitAsync(2);
        _scene.Turn();

        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _worker);
        Assert.Single(_scene.Entries);

        _faulty.IsAway = false;
        using var again = new CancellationTokenSource();
        _ = Worker().RunAsync(again.Token);
        _scene.Turn(_scene.Reading.TakeOverAfter * 2);
        await again.CancelAsync();
        Assert.Equal(claims, _ledger.Committed);
    }

    private void Start() => _worker = Worker().RunAsync(_stop.Token);

    private LogWorker Worker() => new(_scene.Reader(), new Fulfiller(_faulty, _scene.Clock), claimsAtOnce: 8);
}
