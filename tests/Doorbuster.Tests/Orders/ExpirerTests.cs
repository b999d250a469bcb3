using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Orders;

/// <summary>The loop that ends reservations.</summary>
public sealed class ExpirerTests
{
    [Fact]
    public void F14_What_is_due_no_more_since_the_clock_stepped_back_is_not_written_without_end()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var written = 0;
            var store = new InMemoryStore();
            var counted = new FaultyOrderStore(store, async () =>
            {
                written++;
                await Task.Delay(TimeSpan.FromMilliseconds(1), clock);
                return CommitFault.None;
            });
            var sale = Samples.Sale();
            await store.CreateAsync(sale, CancellationToken.None);
            await store.CommitAsync(
                [Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna"))], CancellationToken.None);
            var limits = new Limits { OrderBatchSize = 1 };
            var gate = new InMemoryGate(store, clock, limits.OrdersPerBuyer);
            var queue = new OrderQueue(counted, new Aftermath(gate, new Catalog(), notifier: null), limits, clock);
            using var end = new CancellationTokenSource();
            var ahead = new AheadOf(clock, Samples.Noon + sale.PaymentWindow);
            var writing = queue.RunAsync(CancellationToken.None);
            var looking = new Expirer(store, queue, limits, ahead).RunAsync(end.Token);

            await Task.Delay(TimeSpan.FromSeconds(1), clock);

            Assert.InRange(written, 1, 11);
            end.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
            queue.Complete();
            await writing;
        });
    }

    /// <summary>A clock's timers, under another time.</summary>
    private sealed class AheadOf(TimeProvider clock, DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }
}
