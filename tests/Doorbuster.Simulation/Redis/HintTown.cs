using Doorbuster.Notification;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Redis;

/// <summary>
/// Word between nodes that orders have changed, as Redis's pub/sub carries it: to who listens at that moment, each on a
/// way of its own. It may be lost, also where nothing else goes wrong: looking finds what it would have told.
/// </summary>
internal sealed class HintTown(World world)
{
    private readonly Draw _draw = Draw.Of(world.Chance, Part.Hints);
    private readonly List<(Realm Node, Action<IReadOnlyList<OrderHint>> Heard)> _listeners = [];

    /// <summary>A node's end of it.</summary>
    public IHints Of(Realm node) => new End(this, node);

    /// <summary>A node is gone.</summary>
    public void Forget(Realm node) => _listeners.RemoveAll(one => one.Node == node);

    private void Send(Realm from, IReadOnlyList<OrderHint> hints)
    {
        foreach (var (node, heard) in _listeners)
        {
            if (node == from || world.Faults.StrikeEver(FaultKind.HintLost))
            {
                continue;
            }

            world.Agenda.Set(new Word(node, () => heard(hints)), _draw.Next(500, 15_000));
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

    private sealed class Word(Realm node, Action arrive) : Alarm(node)
    {
        public override void Ring() => arrive();
    }
}
