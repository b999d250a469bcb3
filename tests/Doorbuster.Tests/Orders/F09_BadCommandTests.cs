using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Orders;

/// <summary>A command that the store's constraints refuse is alone in its refusal (F09).</summary>
public sealed class F09_BadCommandTests
{
    private static readonly Sale Sale = Samples.Sale(quantity: 10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public async Task A_bad_command_is_refused_alone_and_the_rest_are_written(int buyers)
    {
        for (var bad = 0; bad < buyers; bad++)
        {
            var (store, queue, orders) = await OpenAsync(buyers);
            store.IsBad = command => command is OrderCommand.Cancel cancel && cancel.Order == orders[bad].Id;
            var refused = new List<OrderCommand>();
            queue.Refused += (command, _) => refused.Add(command);
            var answers = orders.ConvertAll(order => queue.DoAsync(new OrderCommand.Cancel(order.Id)));

            var running = queue.RunAsync(Cancel);
            for (var i = 0; i < buyers; i++)
            {
                if (i == bad)
                {
                    await Assert.ThrowsAsync<BadCommandException>(() => answers[i]);
                }
                else
                {
                    Assert.Equal(CommandOutcome.Done, (await answers[i]).Outcome);
                }
            }

            Assert.Equal(new OrderCommand.Cancel(orders[bad].Id), Assert.Single(refused));
            store.IsBad = _ => false;
            Assert.Equal(
                CommandOutcome.Done, (await queue.DoAsync(new OrderCommand.Cancel(orders[bad].Id))).Outcome);
            queue.Complete();
            await running;
        }
    }

    private static async Task<(Picky Store, OrderQueue Queue, List<Order> Orders)> OpenAsync(int buyers)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        var inner = new InMemoryStore();
        var gate = new InMemoryGate(inner, clock, ordersPerBuyer: 64);
        var catalog = new Catalog();
        await new SaleOffice(inner, gate, catalog, new Limits(), clock).CreateAsync(Sale, Cancel);
        var claims = Enumerable.Range(0, buyers).Select(n => Samples.Claim(Sale, $"buyer-{n}")).ToArray();
        await gate.ClaimAsync([Samples.Batch(Sale, claims)], Cancel);
        var orders = await inner.FindAsync([.. claims.Select(claim => claim.Order)], Cancel);
        var store = new Picky(inner);
        return (store, new OrderQueue(store, new Aftermath(gate, catalog, null), new Limits(), clock), [.. orders]);
    }

    /// <summary>A store with a constraint that some commands break.</summary>
    private sealed class Picky(IOrderStore inner) : IOrderStore
    {
        public Func<OrderCommand, bool> IsBad { get; set; } = _ => false;

        public ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
            IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken) =>
            commands.Any(IsBad)
                ? throw new BadCommandException("A constraint says no.")
                : inner.ApplyAsync(commands, now, cancellationToken);

        public ValueTask<IReadOnlyList<OrderId>> DueAsync(
            DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            inner.DueAsync(now, limit, cancellationToken);

        public ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
            DateTimeOffset until, int most, CancellationToken cancellationToken) =>
            inner.ExpiringAsync(until, most, cancellationToken);

        public ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
            long after, int limit, CancellationToken cancellationToken) =>
            inner.UnsettledAsync(after, limit, cancellationToken);

        public ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
            SaleId sale, long after, int limit, CancellationToken cancellationToken) =>
            inner.EventsAsync(sale, after, limit, cancellationToken);
    }
}
