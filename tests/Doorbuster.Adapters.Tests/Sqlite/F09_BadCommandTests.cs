using Doorbuster.Conformance;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>A row that a CHECK refuses is told as a bad command, and nothing of its batch is written (F09).</summary>
public sealed class F09_BadCommandTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_constraint_refuses_leaves_nothing_and_says_which_fault_it_is()
    {
        await using var store = await _folder.OpenAsync();
        var sales = (Sale[])[Samples.Sale("broken", quantity: 5), Samples.Sale("sound", quantity: 5)];
        var orders = new List<Order>();
        foreach (var sale in sales)
        {
            await store.CreateAsync(sale, Cancel);
            orders.Add(Samples.Order(sale, "anna"));
            await store.CommitAsync([Samples.Admissions(sale, 1, 0, orders[^1])], Cancel);
        }

        // The figures add up, and say that nothing is reserved: giving a unit back would leave fewer than none.
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run("UPDATE stock SET available = available + 1, reserved = reserved - 1 WHERE sale_no = 1");
        }

        OrderCommand[] cancels = [.. orders.Select(order => new OrderCommand.Cancel(order.Id))];
        await Assert.ThrowsAsync<BadCommandException>(() => ApplyAsync(store, cancels));
        Assert.All(await store.FindAsync([.. orders.Select(order => order.Id)], Cancel), order =>
            Assert.Equal(OrderStatus.Reserved, order.Status));

        Assert.Equal(CommandOutcome.Done, Assert.Single(await ApplyAsync(store, cancels[1])).Outcome);
        await Assert.ThrowsAsync<BadCommandException>(() => ApplyAsync(store, cancels[0]));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IOrderStore store, params OrderCommand[] commands) =>
        await store.ApplyAsync(commands, Samples.Noon, Cancel);
}
