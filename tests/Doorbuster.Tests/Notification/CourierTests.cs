using Doorbuster.Conformance;
using Doorbuster.Notification;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>What gates are to be told reaches each of them, whatever becomes of the others.</summary>
public sealed class CourierTests
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store;
    private readonly InMemorySharedGate _gate;
    private readonly MuteGate _mute;
    private readonly Courier _courier;

    public CourierTests()
    {
        _store = new InMemoryStore { IsShared = true, Clock = _clock };
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
        _mute = new MuteGate(_gate);
        _courier = new Courier(_store, _mute, new Catalog(), _clock);
    }

    private static CancellationToken Cancel => CancellationToken.None;

    [Fact]
    public void I2_a_gate_that_says_nothing_holds_up_its_own_units_alone() => Run(async () =>
    {
        var (silent, other) = (await CreateAsync("silent"), await CreateAsync("talking"));
        _mute.Silent = silent.Id;
        await EndOneAsync(silent);
        await PassAsync(2 * Courier.Pause);

        await EndOneAsync(other);
        await PassAsync(2 * Courier.Pause);

        Assert.Equal([silent.Id], await UndeliveredAsync());
        Assert.Equal(1, _mute.Asked);
        await EndOneAsync(other, "dora");
        await PassAsync(2 * Courier.Pause);
        Assert.Equal([silent.Id], await UndeliveredAsync());
    });

    [Fact]
    public void What_a_gate_says_late_is_heard_and_then_it_is_told_what_came_since() => Run(async () =>
    {
        var sale = await CreateAsync("silent");
        _mute.Silent = sale.Id;
        await EndOneAsync(sale);
        await PassAsync(2 * Courier.Pause);
        await EndOneAsync(sale, "bert");
        await PassAsync(5 * Courier.Pause);
        Assert.Equal([sale.Id, sale.Id], await UndeliveredAsync());

        _mute.Speak();
        await PassAsync(3 * Courier.Pause);

        Assert.Empty(await UndeliveredAsync());
        Assert.Equal(2, _mute.Asked);
    });

    private Task PassAsync(TimeSpan time) => Task.Delay(time, _clock);

    private void Run(Func<Task> story) => new SeededScheduler(1, _clock).Run(async () =>
    {
        using var stop = new CancellationTokenSource();
        var running = _courier.RunAsync(stop.Token);
        await story();
        stop.Cancel();
        _mute.Speak();
        await Task.WhenAny(running);
        Assert.True(running.IsCanceled);
    });

    private async Task<Sale> CreateAsync(string id)
    {
        var sale = Samples.Sale(id);
        Assert.NotNull(await _gate.OpenAsync((await _store.CreateAsync(sale, Cancel))!, Cancel));
        return sale;
    }

    /// <summary>A buyer's claim is found to be lost, of which the gate is told.</summary>
    private async Task EndOneAsync(Sale sale, string buyer = "anna")
    {
        var claim = Samples.Claim(sale, buyer);
        Assert.NotNull(await _store.RejectLostAsync(claim.Order, claim.Buyer, epoch: 1, Cancel));
    }

    private async Task<IEnumerable<SaleId>> UndeliveredAsync() =>
        (await _store.ReadAsync(0, 1_000, Cancel)).Select(entry => entry.Sale);
}
