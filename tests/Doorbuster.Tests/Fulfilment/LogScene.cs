using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;

namespace Doorbuster.Tests.Fulfilment;

/// <summary>A sale at a shared gate in memory, whose log somebody drains by a clock that the test turns.</summary>
internal sealed class LogScene
{
    private int _buyers;

    public LogScene() =>
        Gate = new InMemorySharedGate(Clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromHours(1));

    public VirtualTimeProvider Clock { get; } = new(Samples.Noon);

    public InMemorySharedGate Gate { get; }

    public InMemoryClaimLog Log => new(Gate, Clock);

    public LogReaderOptions Reading { get; } = new();

    public Sale Sale { get; } = Samples.Sale(quantity: 1_000) with { OpensAt = DateTimeOffset.UnixEpoch };

    public IReadOnlyList<AdmittedBatch> Entries => Gate.LogOf(Sale.Id);

    public LogReader Reader() => new(Log, () => [Sale.Id], Reading, Clock);

    public async Task OpenAsync()
    {
        var stock = new Stock(Sale.Quantity, Sale.Quantity, 0, 0, 0);
        await Gate.OpenAsync(new GateSnapshot(Sale, 1, stock, 0, new Holdings()), default);
    }

    /// <summary>So many new buyers are admitted, as one entry.</summary>
    public async Task<Claim[]> AdmitAsync(int count)
    {
        var claims = Enumerable.Range(0, count).Select(_ => Samples.Claim(Sale, $"buyer-{_buyers++}")).ToArray();
        await Gate.ClaimAsync([Samples.Batch(Sale, claims)], default);
        return claims;
    }

    public void Turn(TimeSpan? by = null) => Clock.Advance(by ?? TimeSpan.FromSeconds(1));
}
