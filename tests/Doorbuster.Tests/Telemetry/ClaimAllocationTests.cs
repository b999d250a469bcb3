using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>
/// Where nobody listens, a claim pays nothing for what could be measured. Lane and gate run on this thread alone, so
/// that its count of bytes is theirs.
/// </summary>
[Collection(nameof(Spans))]
public sealed class ClaimAllocationTests
{
    private const int Claims = 256;
    private const int Rounds = 40;

    // Bytes a claim of the lane without any instruments, on 64 bits, its schedule by the seed included.
    [Theory]
    [InlineData(Claims, 2, 300)]
    [InlineData(1, 2, 528)]
    [InlineData(Claims, 1, 477)]
    [InlineData(1, 1, 1_160)]
    public void A_claim_that_nobody_measures_allocates_nothing_for_it(int together, int units, int most)
    {
        using var meters = new RecordingMeters();
        var bare = BytesAClaim(together, units, instruments: null);
        var unheard = BytesAClaim(together, units, new Instruments(meters));

        Assert.Equal(bare, unheard);
        Assert.InRange(unheard, 1, most);
    }

    [Fact]
    public void A_claim_that_is_measured_allocates_more()
    {
        using var meters = new RecordingMeters();
        var heard = new Instruments(meters.Listen());

        Assert.True(BytesAClaim(1, 1, heard) > BytesAClaim(1, 1, instruments: null));
    }

    /// <summary>Bytes a claim in the last of many rounds.</summary>
    /// <param name="together">Claims that come at once.</param>
    /// <param name="units">Units each asks for; two are above the limit, and refused.</param>
    /// <param name="instruments">What measures them.</param>
    private static double BytesAClaim(int together, int units, Instruments? instruments)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        var allocated = 0L;
        new SeededScheduler(1, clock).Run(async () =>
        {
            var sale = Samples.Sale(quantity: 1_000_000);
            var gate = new InMemoryGate(
                new Blank(), clock, ordersPerBuyer: 64, notifier: null, instruments);
            var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
            var snapshot = new GateSnapshot(sale, 1, stock, 0, new Holdings());
            var listing = new Listing(snapshot);
            await gate.OpenAsync(snapshot, CancellationToken.None);
            var lane = new Lane(gate, new Limits(), clock, instruments);
            var running = lane.RunAsync(CancellationToken.None);
            var answers = new Task<ClaimAnswer>[together];
            for (var round = 0; round < Rounds; round++)
            {
                var claims = Enumerable.Range(0, Claims)
                    .Select(i => Samples.Claim(sale, $"buyer-{round}-{i}", "k", units)).ToArray();
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var first = 0; first < Claims; first += together)
                {
                    for (var i = 0; i < together; i++)
                    {
                        answers[i] = lane.ClaimAsync(listing, claims[first + i]).AsTask();
                    }

                    for (var i = 0; i < together; i++)
                    {
                        await answers[i];
                    }
                }

                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            lane.Complete();
            await running;
        });
        return (double)allocated / Claims;
    }

    /// <summary>A ledger that takes everything and keeps nothing.</summary>
    private sealed class Blank : ILedger
    {
        public ValueTask<CommitReceipt> CommitAsync(
            IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken) =>
            new(new CommitReceipt(CommitStatus.Committed));

        public ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
            Admissions admissions, CancellationToken cancellationToken) => new((IReadOnlySet<OrderKey>?)null);

        public ValueTask<IReadOnlyList<Order>> FindAsync(
            IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) => new([]);
    }
}
