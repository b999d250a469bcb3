using Doorbuster.Conformance;
using Doorbuster.Reconciliation;

namespace Doorbuster.Tests.Reference;

/// <summary>The list of one process keeps the suite of every list of nodes.</summary>
public sealed class OwnNodeListTests : NodeListConformance
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);

    public OwnNodeListTests() => Nodes = new OwnNodeList(_clock);

    protected override INodeList Nodes { get; }

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return ValueTask.CompletedTask;
    }
}
