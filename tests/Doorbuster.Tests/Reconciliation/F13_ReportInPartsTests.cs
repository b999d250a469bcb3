using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>
/// F13: a large sale's gate is read in parts, and claims are decided between them. What is told is of one moment all
/// the same.
/// </summary>
public sealed class F13_ReportInPartsTests
{
    private const int Buyers = 40_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly Sale _sale = Samples.Sale(quantity: 2 * Buyers, limit: 2);

    [Fact]
    public async Task F13_What_changes_between_two_parts_is_in_the_report()
    {
        var gate = await OpenAsync();
        var reading = gate.ReportAsync(_sale.Id, CancellationToken.None).AsTask();
        Assert.False(reading.IsCompleted);

        var rounds = 0;
        for (; !reading.IsCompleted; rounds++)
        {
            // Of a buyer whose part has been read, of one whose part is to come, and of one who is new.
            await ChangeAsync(gate, rounds, first: rounds);
            await ChangeAsync(gate, rounds, first: Buyers - 10 + rounds);
            _clock.Advance(Tick);
            await Task.Yield();
        }

        Assert.InRange(rounds, 2, 9);
        var report = (await reading)!;
        Assert.Equal(2 * Buyers - report.View.Available, report.Orders.Sum(order => (long)order.Quantity));
        Assert.Equal(report.Orders.Count, report.Orders.Select(order => order.Key).Distinct().Count());
        Assert.Equal(Buyers + (4 * rounds), report.Orders.Count);
        Assert.Equal(2 * rounds, report.Orders.Count(order => order.Quantity == 0));
        var again = await AtRestAsync(gate);
        Assert.Equal(again.View, report.View);
        Assert.Equal((again.Owners, again.Admitted), (report.Owners, report.Admitted));
        Assert.Equal(again.Orders.ToHashSet(), report.Orders.ToHashSet());
    }

    [Fact]
    public async Task Who_gives_up_reading_leaves_nothing_behind()
    {
        var gate = await OpenAsync();
        using var end = new CancellationTokenSource();
        var reading = gate.ReportAsync(_sale.Id, end.Token).AsTask();

        end.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await ChangeAsync(gate, 0, first: 0);
        Assert.Equal(Buyers + 2, (await AtRestAsync(gate)).Orders.Count);
    }

    private async Task<InMemoryGate> OpenAsync()
    {
        var holdings = new Holdings(Buyers);
        for (var n = 0; n < Buyers; n++)
        {
            var claim = Samples.Claim(_sale, $"buyer-{n}");
            holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, 1));
        }

        var gate = new InMemoryGate(new AgreeingLedger(), _clock, ordersPerBuyer: 64);
        var stock = new Stock(2 * Buyers, Buyers, Buyers, 0, Version: 1);
        await gate.OpenAsync(new GateSnapshot(_sale, 1, stock, Buyers, holdings), CancellationToken.None);
        return gate;
    }

    /// <summary>A buyer who has an order makes another and loses the first; and someone new buys.</summary>
    private async Task ChangeAsync(InMemoryGate gate, int round, int first)
    {
        var old = Samples.Claim(_sale, $"buyer-{first}");
        var batch = Samples.Batch(
            _sale, Samples.Claim(_sale, $"buyer-{first}", "again"), Samples.Claim(_sale, $"new-{first}-{round}"));
        await gate.ClaimAsync([batch], CancellationToken.None);
        Assert.All(batch.Answers.ToArray(), answer => Assert.Equal(Outcome.Admitted, answer.Outcome));
        await gate.ReleaseAsync([new Release(old.Order, old.Buyer, Turn: 0)], CancellationToken.None);
    }

    private async Task<GateReport> AtRestAsync(InMemoryGate gate)
    {
        var reading = gate.ReportAsync(_sale.Id, CancellationToken.None).AsTask();
        for (var looks = 0; looks < 100 && !reading.IsCompleted; looks++)
        {
            _clock.Advance(Tick);
            await Task.Yield();
        }

        return (await reading)!;
    }

    /// <summary>An order store that takes everything.</summary>
    private sealed class AgreeingLedger : ILedger
    {
        public ValueTask<CommitReceipt> CommitAsync(
            IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new CommitReceipt(CommitStatus.Committed));

        public ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
            Admissions admissions, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Order>> FindAsync(
            IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
