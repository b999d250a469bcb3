using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Xunit;

namespace Doorbuster.Tests.Dispatch;

/// <summary>How often the log of a sale is looked at.</summary>
public sealed class LogReaderTests
{
    private static readonly LogReaderOptions Options = new() { SalesAtOnce = 3 };

    [Fact]
    public void Quiet_sales_have_their_turns_and_one_with_entries_is_looked_at_each_time()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var sales = Enumerable.Range(0, 10).Select(n => SaleId.Parse($"sale-{n}")).ToArray();
            var log = new OneEntryOf(sales[8]);
            var reader = new LogReader(log, () => sales, Options, clock);

            var began = clock.GetUtcNow();
            Assert.Equal(sales[8], Assert.Single(await reader.NextAsync(default)).Sale);
            Assert.InRange(clock.GetUtcNow() - began, TimeSpan.Zero, 3 * Options.IdlePause);
            Assert.Equal(sales[8], Assert.Single(await reader.NextAsync(default)).Sale);

            Assert.Equal(sales[..9], log.Looks.SelectMany(look => look).Take(9));
            Assert.All(log.Looks, look => Assert.InRange(look.Count, 0, 1 + Options.SalesAtOnce));
        });
    }

    /// <summary>All of a look is in memory together.</summary>
    [Theory]
    [InlineData(10, 16)]
    [InlineData(1_000, 4)]
    [InlineData(10_000, 1)]
    public void The_more_sales_are_read_together_the_fewer_entries_come_of_each(int count, int most)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var sales = Enumerable.Range(0, count).Select(n => SaleId.Parse($"sale-{n}")).ToArray();
            var log = new OneEntryOf(sales[0]);
            var options = new LogReaderOptions { SalesAtOnce = 100_000 };

            await new LogReader(log, () => sales, options, clock).NextAsync(default);

            Assert.Equal(most, log.Most);
        });
    }

    /// <summary>Its buyers wait since its reader died, whatever there is beside it.</summary>
    [Fact]
    public void What_a_dead_reader_left_is_taken_over_as_fast_among_many_sales_as_alone()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var sales = Enumerable.Range(0, 3_000).Select(n => SaleId.Parse($"sale-{n}")).ToArray();
            var log = new OneEntryOf(sales[0]) { Left = sales[^1], LeftLooks = 2 };
            var reader = new LogReader(log, () => sales, Options, clock);

            var began = clock.GetUtcNow();
            Assert.Equal(sales[^1], Assert.Single(await reader.NextAsync(default)).Sale);
            Assert.Equal(sales[^1], Assert.Single(await reader.NextAsync(default)).Sale);

            Assert.Equal(began, clock.GetUtcNow());
            Assert.Equal(Options.EntriesAtOnce, log.Most);
        });
    }

    [Fact]
    public void A_sale_that_sells_gives_as_much_when_quiet_ones_have_their_turn()
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(async () =>
        {
            var sales = Enumerable.Range(0, 1_000).Select(n => SaleId.Parse($"sale-{n}")).ToArray();
            var log = new OneEntryOf(sales[0]);
            var options = new LogReaderOptions { SalesAtOnce = 100_000 };
            var reader = new LogReader(log, () => sales, options, clock);
            await reader.NextAsync(default);
            await Task.Delay(2 * options.IdlePause, clock);

            await reader.NextAsync(default);

            Assert.Equal([1, 999], log.Looks.TakeLast(2).Select(look => look.Count));
            Assert.Equal([16, 4], log.Asked.TakeLast(2));
        });
    }

    /// <summary>A log in which one sale always has an entry.</summary>
    private sealed class OneEntryOf(SaleId busy) : IClaimLog
    {
        public List<IReadOnlyCollection<SaleId>> Looks { get; } = [];

        public List<int> Asked { get; } = [];

        public int Most { get; private set; }

        /// <summary>The sale that a dead reader has left entries of.</summary>
        public SaleId? Left { get; init; }

        /// <summary>How many looks find some.</summary>
        public int LeftLooks { get; set; }

        public ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(
            IReadOnlyCollection<SaleId> sales, int most, CancellationToken cancellationToken)
        {
            Looks.Add(sales);
            Asked.Add(most);
            Most = most;
            return ValueTask.FromResult<IReadOnlyList<AdmittedBatch>>(
                sales.Contains(busy) ? [new AdmittedBatch(busy, "1-0", 1, 1, Samples.Noon, [])] : []);
        }

        public ValueTask<IReadOnlyList<AdmittedBatch>> TakeOverAsync(
            IReadOnlyCollection<SaleId> sales, TimeSpan idle, int most, CancellationToken cancellationToken)
        {
            Most = most;
            return ValueTask.FromResult<IReadOnlyList<AdmittedBatch>>(
                Left is { } left && sales.Contains(left) && LeftLooks-- > 0
                    ? [new AdmittedBatch(left, "1-0", 1, 1, Samples.Noon, [])]
                    : []);
        }

        public ValueTask AcknowledgeAsync(
            IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken) => default;

        public ValueTask<IReadOnlyList<AdmittedBatch>> ScanAsync(
            SaleId sale, string? after, int most, CancellationToken cancellationToken) => default;

        public ValueTask<LogDepth> MeasureAsync(SaleId sale, CancellationToken cancellationToken) => default;
    }
}
