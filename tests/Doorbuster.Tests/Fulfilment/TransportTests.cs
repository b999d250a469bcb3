using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Xunit;

namespace Doorbuster.Tests.Fulfilment;

/// <summary>Forwarder and worker with a transport between them that loses and doubles.</summary>
public sealed class TransportTests : IAsyncLifetime
{
    private readonly LogScene _scene = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly InMemoryTransport _transport = new();
    private readonly RecordingFulfilment _ledger = new();
    private readonly FaultyFulfilment _faulty;
    private readonly List<Task> _loops = [];

    private readonly Lag _lag;

    public TransportTests()
    {
        _faulty = new FaultyFulfilment(_ledger);
        _lag = new Lag(_scene.Clock);
    }

    public async ValueTask InitializeAsync() => await _scene.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(_loops));
        _stop.Dispose();
    }

    [Fact]
    public async Task What_the_gate_admits_is_carried_stands_and_leaves_the_log()
    {
        Forward();
        Work();
        Claim[] claims = [.. await _scene.AdmitAsync(3), .. await _scene.AdmitAsync(2)];

        _scene.Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal(2, _transport.Acknowledged);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F06_while_the_transport_is_away_the_log_holds_and_drains_later()
    {
        _transport.IsAway = true;
        Forward();
        Work();
        Claim[] claims = [.. await _scene.AdmitAsync(3), .. await _scene.AdmitAsync(2)];
        _scene.Turn(TimeSpan.FromMinutes(1));
        Assert.Equal(2, _scene.Entries.Count);
        Assert.Equal(TimeSpan.FromMinutes(1), _lag.Now);

        _transport.IsAway = false;
        _scene.Turn();
        Assert.Equal(TimeSpan.Zero, _lag.Now);

        Assert.Equal(claims.ToHashSet(), _ledger.Committed.ToHashSet());
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F06_what_was_confirmed_and_lost_is_sent_again_under_the_same_id()
    {
        _transport.LosesWhatIsSent = true;
        Forward();
        Work();
        var claims = await _scene.AdmitAsync(3);
        _scene.Turn();
        Assert.Empty(_ledger.Committed);

        _transport.LosesWhatIsSent = false;
        _scene.Turn(_scene.Reading.TakeOverAfter * 2);

        Assert.Equal(claims, _ledger.Committed);
        Assert.Single(_transport.Sent.Select(entry => entry.Id).Distinct());
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F06_a_confirm_that_is_lost_doubles_the_message_and_nothing_else()
    {
        _transport.LosesConfirms = true;
        Forward();
        Work();
        var claims = await _scene.AdmitAsync(3);
        _scene.Turn();
        _transport.LosesConfirms = false;
        _scene.Turn();

        Assert.True(_transport.Sent.Count > 1);
        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal(_transport.Sent.Count, _transport.Acknowledged);
        Assert.Empty(_scene.Entries);
    }

    [Fact]
    public async Task F07_what_a_worker_had_in_its_hands_is_brought_again()
    {
        _faulty.IsAway = true;
        Forward();
        Work();
        var claims = await _scene.AdmitAsync(3);
        _scene.Turn();
        Assert.Equal(0, _transport.Acknowledged);
        Assert.Single(_scene.Entries);
        Assert.Equal(TimeSpan.FromSeconds(1), _lag.Now);

        // The worker still holds the first copy; another is given the second.
        _transport.Break();
        _faulty.IsAway = false;
        _scene.Turn();

        Assert.Equal(claims, _ledger.Committed);
        Assert.Equal([3, 3], _ledger.Transactions);
        Assert.Equal(TimeSpan.Zero, _lag.Now);
        Assert.Empty(_scene.Entries);
    }

    private void Forward() =>
        _loops.Add(new Forwarder(_scene.Reader(), _transport, _scene.Clock, _lag).RunAsync(_stop.Token));

    private void Work() => _loops.Add(
        new TransportWorker(
            _transport, _scene.Log, new Fulfiller(_faulty, _scene.Clock, notifier: null, _lag), _scene.Clock)
            .RunAsync(_stop.Token));
}
