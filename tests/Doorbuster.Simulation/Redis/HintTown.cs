using Doorbuster.Notification;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Redis;

/// <summary>
/// Word between nodes that orders have changed, as Redis's pub/sub carries it, or PostgreSQL's: to who listens at that
/// moment, each on a way of its own. It may be lost, also where nothing else goes wrong: looking finds what it would
/// have told. PostgreSQL carries word of sales, too, that have units again.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="isUnruly">Whether it may come late, or twice.</param>
internal sealed class HintTown(World world, bool isUnruly = false)
{
    private readonly Draw _draw = Draw.Of(world.Chance, Part.Hints);
    private readonly List<(Realm Node, Action<IReadOnlyList<OrderHint>> Heard)> _listeners = [];
    private readonly List<(Realm Node, Action<SaleId> Heard)> _ofUnits = [];

    /// <summary>A node's end of it.</summary>
    public IHints Of(Realm node) => new End(this, node);

    /// <summary>A node is gone.</summary>
    public void Forget(Realm node)
    {
        _listeners.RemoveAll(one => one.Node == node);
        _ofUnits.RemoveAll(one => one.Node == node);
    }

    /// <summary>A node begins to hear which sales have units again.</summary>
    public Action<Action<SaleId>> UnitsOf(Realm node) => heard => _ofUnits.Add((node, heard));

    /// <summary>A sale has units again.</summary>
    public void TellOfUnits(SaleId sale)
    {
        foreach (var (node, heard) in _ofUnits)
        {
            Carry(node, () => heard(sale));
        }
    }

    private void Send(Realm from, IReadOnlyList<OrderHint> hints)
    {
        foreach (var (node, heard) in _listeners)
        {
            if (node != from)
            {
                Carry(node, () => heard(hints));
            }
        }
    }

    private void Carry(Realm node, Action arrive)
    {
        if (world.Faults.StrikeEver(FaultKind.HintLost))
        {
            return;
        }

        var late = isUnruly && world.Faults.Strike(FaultKind.HintLate)
            ? TimeSpan.TicksPerMillisecond * world.Faults.Next(FaultKind.HintLate, 100, 5_000)
            : 0;
        world.Agenda.Set(new Word(node, arrive), _draw.Next(500, 15_000) + late);
        if (isUnruly && world.Faults.Strike(FaultKind.HintTwice))
        {
            world.Agenda.Set(new Word(node, arrive), _draw.Next(500, 15_000));
        }
    }

    private sealed class End(HintTown town, Realm node) : IHints
    {
        public ValueTask SendAsync(IReadOnlyList<OrderHint> hints, CancellationToken cancellationToken)
        {
            town.Send(node, [.. hints]);
            return ValueTask.CompletedTask;
        }

        public void Listen(Action<IReadOnlyList<OrderHint>> heard) => town._listeners.Add((node, heard));
    }
}
