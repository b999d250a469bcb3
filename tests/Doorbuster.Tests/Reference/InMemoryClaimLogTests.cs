using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference of every claim log keeps the suite itself.</summary>
public sealed class InMemoryClaimLogTests : ClaimLogConformance
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private InMemorySharedGate? _gate;

    protected override ValueTask<ISharedGate> CreateGateAsync()
    {
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
        return ValueTask.FromResult<ISharedGate>(_gate);
    }

    protected override IClaimLog CreateLog(string reader) => new InMemoryClaimLog(_gate!, _clock);

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return ValueTask.CompletedTask;
    }
}
