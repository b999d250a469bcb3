using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>A store that hangs is waited for once, whatever it was to tell of.</summary>
public sealed class F16_HangingStoreTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    /// <summary>I4: all sales of a lane would otherwise wait one after another, and nobody would be answered.</summary>
    [Fact]
    public void The_sales_of_one_unknown_commit_wait_for_it_together()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var store = new InMemoryStore();
            var ledger = new FaultyLedger(store);
            var gate = new InMemoryGate(ledger, clock, ordersPerBuyer: 64);
            Sale[] sales = [.. Enumerable.Range(0, 80).Select(n => Samples.Sale($"sale-{n}"))];
            foreach (var sale in sales)
            {
                await gate.OpenAsync((await store.CreateAsync(sale, default))!, default);
            }

            ledger.Next(CommitFault.UnknownAndDone);
            ledger.BeforeReadBack = async () =>
            {
                await Task.Delay(Hang, clock);
                return false;
            };
            Assert.All(await ClaimAsync("anna"), outcome => Assert.Null(outcome));
            Assert.All(await ClaimAsync("bert"), outcome => Assert.Equal(Outcome.Busy, outcome));

            ledger.BeforeReadBack = null;
            Assert.All(await ClaimAsync("anna"), outcome => Assert.Equal(Outcome.Replayed, outcome));

            async Task<Outcome?[]> ClaimAsync(string buyer)
            {
                SaleBatch[] batches = Array.ConvertAll(sales, sale => Samples.Batch(sale, Samples.Claim(sale, buyer)));
                var began = clock.GetTimestamp();
                await gate.ClaimAsync(batches, default);
                Assert.InRange(clock.GetElapsedTime(began), TimeSpan.Zero, Hang);
                return Array.ConvertAll(batches, batch => batch.Answers[0].Outcome);
            }
        });
    }
}
