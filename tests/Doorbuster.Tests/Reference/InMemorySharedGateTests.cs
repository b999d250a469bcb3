using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference of every shared gate keeps the suite itself.</summary>
public sealed class InMemorySharedGateTests : SharedGateConformance
{
    private readonly TurnedClock _clock = new();
    private InMemorySharedGate? _gate;

    protected override ValueTask<ISharedGate> CreateGateAsync(int ordersPerBuyer)
    {
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer, MaxQueueAge);
        return ValueTask.FromResult<ISharedGate>(_gate);
    }

    protected override ValueTask TurnAsync(SaleId sale, DateTimeOffset now)
    {
        _clock.Now = now;
        return ValueTask.CompletedTask;
    }

    protected override ValueTask<IReadOnlyList<AdmittedBatch>> LogOfAsync(SaleId sale) =>
        ValueTask.FromResult(_gate!.LogOf(sale));

    protected override ValueTask DeleteAsync(SaleId sale, IReadOnlyCollection<string> entries)
    {
        _gate!.Delete(sale, entries);
        return ValueTask.CompletedTask;
    }

    /// <summary>It goes back too.</summary>
    private sealed class TurnedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Samples.Noon;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
