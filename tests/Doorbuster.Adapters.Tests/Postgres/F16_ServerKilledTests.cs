using System.Collections.Concurrent;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>
/// F16: the database is killed in the middle of a sale, and started again. Nothing is admitted that it cannot keep, and
/// the sale goes on without a restart of ours (I4).
/// </summary>
public sealed class F16_ServerKilledTests
{
    private const int Buyers = 400;
    private const string Locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted";

    private readonly Sale _sale = Samples.Sale(quantity: Buyers);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F16_What_was_answered_stands_and_the_sale_goes_on_by_itself()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var schema = await PostgresSchema.MakeAsync(server);
        await using var store = await schema.OpenAsync();
        await store.CreateAsync(_sale, Cancel);
        var gate = new InMemoryGate(store, new VirtualTimeProvider(Samples.Noon), ordersPerBuyer: 64);
        await gate.OpenAsync((await store.TakeOverAsync(Cancel))[0], Cancel);
        var answered = new ConcurrentQueue<OrderId>();
        var refused = 0;

        var selling = Task.Run(async () =>
        {
            for (var buyer = 0; buyer < Buyers; buyer++)
            {
                var claim = Samples.Claim(_sale, $"buyer-{buyer}");
                await Waiting.UntilAsync($"buyer {buyer} has an order", async () =>
                {
                    var batch = Samples.Batch(_sale, claim);
                    await gate.ClaimAsync([batch], Cancel);
                    var outcome = batch.Answers[0].Outcome;
                    refused += outcome is Outcome.Busy or null ? 1 : 0;
                    return outcome is Outcome.Admitted or Outcome.Replayed;
                });
                answered.Enqueue(claim.Order);
            }
        });
        foreach (var sold in new[] { Buyers / 4, Buyers / 2 })
        {
            await Waiting.UntilAsync("so many are sold", () => selling.IsCompleted || answered.Count >= sold);
            await KillAndRestartAsync(server, store, answered.First());
        }

        await selling;
        Assert.True(refused > 0, "Nobody met the database while it was down.");
        Assert.Equal(Buyers, (await store.FindAsync([.. answered], Cancel)).Count);
        var report = await store.ReportAsync(_sale.Id, Cancel);
        Assert.Equal((true, 0, Buyers), (report!.Stock.LawHolds, report.Stock.Available, report.Reserved));
        Assert.Equal(Buyers, (await gate.ReportAsync(_sale.Id, Cancel))!.Orders.Count);

        // The lock was taken up again: a second process is kept out as before.
        await Waiting.UntilAsync("the lock is held again", async () => (await server.QueryAsync(Locks)).Trim() == "1");
        await Assert.ThrowsAsync<Sql.StoreLockedException>(() => schema.OpenAsync());
    }

    /// <summary>While it is down, everything that asks it is told so, and nothing hangs.</summary>
    private static async Task KillAndRestartAsync(PostgresServer server, PostgresStore store, OrderId order)
    {
        await server.StopAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.FindAsync([order], Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.ApplyAsync([new Orders.OrderCommand.Cancel(order)], Samples.Noon, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.CreateAsync(Samples.Sale("while-down"), Cancel));
        await server.StartAsync();
    }
}
