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
    private readonly CountingOutbox _outbox;
    private readonly Courier _courier;

    public CourierTests()
    {
        _store = new InMemoryStore { IsShared = true, Clock = _clock };
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
        _mute = new MuteGate(_gate);
        _outbox = new CountingOutbox(_store, _clock);
        _courier = new Courier(_outbox, _mute, new Catalog(), _clock);
    }

    private static CancellationToken Cancel => CancellationToken.None;

    [Fact]
    public void I2_a_server_that_says_nothing_holds_up_its_own_units_alone() => Run(async () =>
    {
        var (silent, other) = (await CreateAsync("silent"), await CreateAsync("talking"));
        _mute.Silent = silent.Id;
        for (var i = 0; i < 2_500; i++)
        {
            await EndOneAsync(silent, $"buyer-{i}");
        }

        await PassAsync(5 * Courier.Pause);
        for (var i = 0; i < 3; i++)
        {
            await EndOneAsync(other, $"buyer-{i}");
            await PassAsync(5 * Courier.Pause);
            Assert.DoesNotContain(other.Id, await UndeliveredAsync());
        }

        Assert.Equal(1, _mute.Asked);
        _mute.Speak();
        await PassAsync(10 * Courier.Pause);
        Assert.Empty(await UndeliveredAsync());
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

    [Fact]
    public void A_server_that_comes_goes_and_comes_back_is_told() => Run(async () =>
    {
        var sale = await CreateAsync("talking");
        _mute.Servers = ["silent"];
        await PassAsync(2 * Courier.Pause);
        for (var i = 0; i < 2; i++)
        {
            await EndOneAsync(sale, $"buyer-{i}");
            await PassAsync(5 * Courier.Pause);
            Assert.Equal([sale.Id], await UndeliveredAsync());

            _mute.Servers = ["silent", "talking"];
            await PassAsync(3 * Courier.Pause);
            Assert.Empty(await UndeliveredAsync());

            _mute.Servers = ["silent"];
            await PassAsync(3 * Courier.Pause);
        }
    });

    [Fact]
    public void A_fault_at_one_server_ends_all_of_it_and_is_what_it_ends_with()
    {
        var fault = Assert.Throws<FormatException>(() => new SeededScheduler(1, _clock).Run(async () =>
        {
            var running = _courier.RunAsync(Cancel);
            var (silent, other) = (await CreateAsync("silent"), await CreateAsync("talking"));
            _mute.Silent = silent.Id;
            _mute.Fault = new FormatException("It broke.");
            await EndOneAsync(silent);
            await PassAsync(2 * Courier.Pause);
            await EndOneAsync(other);
            await PassAsync(2 * Courier.Pause);
            _mute.Speak();
            await running;
        }));

        Assert.Same(_mute.Fault, fault);
    }

    /// <summary>Each server's loop reads others' words too.</summary>
    [Theory]
    [InlineData(50, 20, 22)]
    [InlineData(400, 5, 6)]
    public void Who_has_read_rests_three_times_as_long_but_for_less_than_units_may_wait(
        int milliseconds, int least, int most) => Run(async () =>
    {
        var sale = await CreateAsync("silent");
        _mute.Silent = sale.Id;
        await EndOneAsync(sale);
        await PassAsync(10 * Courier.Pause);
        _outbox.Takes = TimeSpan.FromMilliseconds(milliseconds);
        var before = _outbox.Reads;

        for (var i = 0; i < 800; i++)
        {
            _courier.Hurry();
            await PassAsync(Courier.Pause / 20);
        }

        Assert.InRange(_outbox.Reads - before, least, most);
        Assert.Equal(1, _mute.Asked);
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
        (await _store.ReadAsync(0, 10_000, Cancel)).Select(entry => entry.Sale);

    private sealed class CountingOutbox(IOutbox inner, TimeProvider clock) : IOutbox
    {
        public int Reads { get; private set; }

        public TimeSpan Takes { get; set; }

        public async ValueTask<IReadOnlyList<OutboxEntry>> ReadAsync(
            long after, int most, CancellationToken cancellationToken)
        {
            Reads++;
            if (Takes > TimeSpan.Zero)
            {
                await Task.Delay(Takes, clock, cancellationToken);
            }

            return await inner.ReadAsync(after, most, cancellationToken);
        }

        public ValueTask DeleteAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken) =>
            inner.DeleteAsync(entries, cancellationToken);
    }
}
