using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>What a gate that is the store measures beside what every gate does.</summary>
public sealed class StoreGateMetersTests
{
    [Fact]
    public async Task Batches_that_somebody_else_was_faster_than_are_counted()
    {
        using var meters = new RecordingMeters();
        var store = new InMemoryStore { IsGate = true };
        var sale = Samples.Sale() with { OpensAt = DateTimeOffset.UnixEpoch };
        await store.CreateAsync(sale, CancellationToken.None);
        var faulty = new FaultyGateStore(store) { Losses = 2 };
        var gate = new StoreGate(
            faulty, TimeProvider.System, ordersPerBuyer: 9,
            new GatePatience(Tries: 5, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)), () => 0,
            instruments: new Instruments(meters.Listen()));
        var batch = Samples.Batch(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));

        await gate.ClaimAsync([batch], CancellationToken.None);

        Assert.Equal(Outcome.Admitted, batch.Answers[0].Outcome);
        Assert.Equal(2, meters.Total("doorbuster.commit.retries"));
    }
}
