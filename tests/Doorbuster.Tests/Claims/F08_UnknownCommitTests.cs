using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>F08: nobody is told how the commit ended, and nobody asks again.</summary>
public sealed class F08_UnknownCommitTests
{
    [Theory]
    [InlineData(CommitFault.UnknownAndDone, 0)]
    [InlineData(CommitFault.UnknownAndNotDone, 1)]
    public void F08_Gate_and_store_agree_again_though_nobody_claims(CommitFault fault, int left)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var store = new InMemoryStore();
            var ledger = new FaultyLedger(store) { CanReadBack = false };
            var gate = new InMemoryGate(ledger, clock, ordersPerBuyer: 64);
            var lanes = new Lanes(gate, new Limits(), 1, clock);
            var catalog = new Catalog();
            var sale = Samples.Sale(quantity: 1);
            await new SaleOffice(store, gate, catalog, new Limits(), clock).CreateAsync(sale, CancellationToken.None);
            Assert.True(catalog.TryFind(sale.Id.ToString(), out var listing));
            var running = lanes.RunAsync(CancellationToken.None);
            ledger.Next(fault);

            var answer = await new ClaimDesk(lanes, ledger, clock).ClaimAsync(
                listing, BuyerId.Parse("anna"), "k", 1, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
            ledger.CanReadBack = true;
            await Task.Delay(TimeSpan.FromSeconds(1), clock);

            Assert.Null(answer.Outcome);
            Assert.Equal(left, listing.Mark.View.Available);
            var report = await new Auditor(store, gate, clock, TimeSpan.FromSeconds(1))
                .AuditAsync(sale.Id, CancellationToken.None);
            Assert.Empty(report!.Differences);
            Assert.Equal(left, report.GateAvailable);
            lanes.Complete();
            await running;
        });
    }

    /// <summary>I2: found by simulation. The question was about a commit that was settled, and no other came.</summary>
    [Fact]
    public void F08_A_second_unknown_commit_is_asked_about_though_the_first_was_settled_meanwhile()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            // Anna's commit is not read back; it is before Bert's claim is decided; then none is for two more times.
            var asked = 0;
            var store = new InMemoryStore();
            var ledger = new FaultyLedger(store) { BeforeReadBack = () => ValueTask.FromResult(++asked is 2 or > 4) };
            var gate = new InMemoryGate(ledger, clock, ordersPerBuyer: 64);
            var lanes = new Lanes(gate, new Limits(), 1, clock);
            var catalog = new Catalog();
            var sale = Samples.Sale();
            await new SaleOffice(store, gate, catalog, new Limits(), clock).CreateAsync(sale, CancellationToken.None);
            Assert.True(catalog.TryFind(sale.Id.ToString(), out var listing));
            var running = lanes.RunAsync(CancellationToken.None);
            var desk = new ClaimDesk(lanes, ledger, clock);
            foreach (var buyer in (string[])["anna", "bert"])
            {
                ledger.Next(CommitFault.UnknownAndDone);
                var answer = await desk.ClaimAsync(listing, BuyerId.Parse(buyer), "k", 1, CancellationToken.None);
                Assert.Null(answer.Outcome);
                await Task.Delay(TimeSpan.FromMilliseconds(50), clock);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), clock);

            Assert.Equal(5, asked);
            Assert.Equal(sale.Quantity - 2, listing.Mark.View.Available);
            lanes.Complete();
            await running;
        });
    }

    [Fact]
    public void F08_However_many_are_told_so_one_question_is_asked_at_a_time()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var asked = 0;
            var store = new InMemoryStore();
            var ledger = new FaultyLedger(store)
            {
                BeforeReadBack = () =>
                {
                    asked++;
                    return ValueTask.FromResult(false);
                },
            };
            var gate = new InMemoryGate(ledger, clock, ordersPerBuyer: 64);
            var lanes = new Lanes(gate, new Limits(), 1, clock);
            var catalog = new Catalog();
            var sale = Samples.Sale();
            await new SaleOffice(store, gate, catalog, new Limits(), clock).CreateAsync(sale, CancellationToken.None);
            Assert.True(catalog.TryFind(sale.Id.ToString(), out var listing));
            var running = lanes.RunAsync(CancellationToken.None);
            ledger.Next(CommitFault.UnknownAndDone);
            var desk = new ClaimDesk(lanes, ledger, clock);
            for (var retry = 0; retry < 50; retry++)
            {
                var answer = await desk.ClaimAsync(listing, BuyerId.Parse("anna"), "k", 1, CancellationToken.None);
                Assert.Null(answer.Outcome);
                await Task.Delay(TimeSpan.FromMilliseconds(1), clock);
            }

            asked = 0;
            await Task.Delay(TimeSpan.FromSeconds(2), clock);

            Assert.InRange(asked, 15, 21);
            lanes.Complete();
            await running;
        });
    }
}
