using Doorbuster.Conformance;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>What happens to neighbours at once is one row, and every transition in it is told by itself.</summary>
public sealed class SqliteEventRunTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Neighbours_that_expire_together_are_one_row_and_as_many_transitions()
    {
        var sale = Samples.Sale();
        var orders = Enumerable.Range(0, 6).Select(i => Samples.Order(sale, $"buyer-{i}")).ToArray();
        await using (var store = await _folder.OpenAsync())
        {
            await store.TakeOverAsync(Cancel);
            await store.CreateAsync(sale, Cancel);
            await store.CommitAsync([Samples.Admissions(sale, 1, 0, orders)], Cancel);
            OrderCommand[] commands =
            [
                Expire(0), Expire(1), Expire(2), new OrderCommand.Cancel(orders[3].Id), Expire(5), Expire(4),
            ];
            await store.ApplyAsync(commands, orders[0].ExpiresAt, Cancel);

            var events = await store.EventsAsync(sale.Id, 6, 100, Cancel);

            Assert.Equal([7, 8, 9, 10, 11, 12], events.Select(e => e.No));
            Assert.Equal(new[] { 0, 1, 2, 3, 5, 4 }.Select(i => (OrderId?)orders[i].Id), events.Select(e => e.Order));
            Assert.Equal(
                [.. Enumerable.Repeat(EventKind.OrderExpired, 3), EventKind.OrderCancelled, EventKind.OrderExpired,
                    EventKind.OrderExpired],
                events.Select(e => e.Kind));
            Assert.All(events, e => Assert.Equal(2, e.OrderRevision));
        }

        using var database = new RawDatabase(_folder.Database);
        Assert.Equal("6,3,1,1,1", database.Read("SELECT group_concat(count) FROM events"));

        OrderCommand Expire(int order) => new OrderCommand.Expire(orders[order].Id);
    }
}
