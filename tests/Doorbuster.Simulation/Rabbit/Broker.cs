using Doorbuster.Dispatch;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Rabbit;

/// <summary>
/// The broker between log and workers, as bad as its run draws it: it brings what it has in any order, and twice where
/// nobody acknowledged it; it is away for a while; and what it had confirmed may be gone.
/// </summary>
/// <param name="world">The world.</param>
internal sealed class Broker(World world)
{
    private readonly Draw _draw = Draw.Of(world.Chance, Part.Broker);
    private readonly List<AdmittedBatch> _queue = [];
    private readonly List<(Realm Node, Delivery Delivery)> _inHands = [];
    private TaskCompletionSource _arrived = new();
    private long _awayUntil;
    private int _onTheWay;

    /// <summary>Whether it cannot be reached.</summary>
    public bool IsAway => !world.Faults.IsOver && world.Agenda.Now < _awayUntil;

    /// <summary>Whether it has nothing, and nothing is on its way to it.</summary>
    public bool IsEmpty => _queue.Count + _inHands.Count + _onTheWay == 0;

    /// <summary>What it has, and who is to acknowledge it.</summary>
    public override string ToString()
    {
        var waiting = _queue.Select(entry => $"{entry.Sale} {entry.Id} of epoch {entry.Epoch} in the queue");
        var inHands = _inHands.Select(one => (one.Node.Name, one.Delivery.Entry))
            .Select(one => $"{one.Entry.Sale} {one.Entry.Id} of epoch {one.Entry.Epoch} at {one.Name}");
        return $"The broker has {string.Join(", ", waiting.Concat(inHands))}; {_onTheWay} are on their way to it.";
    }

    /// <summary>Completes when something has come that was not there before.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>An entry is sent to it.</summary>
    /// <returns>Whether it says that it has taken it.</returns>
    public bool Send(AdmittedBatch entry)
    {
        var faults = world.Faults;
        if (faults.Strike(FaultKind.MessageUnroutable))
        {
            return false;
        }

        if (faults.Strike(FaultKind.MessageLost))
        {
            world.Trace.Add("broker", $"confirms an entry of {entry.Sale}, and loses it");
            return true;
        }

        _ = BringAsync(
            entry,
            faults.Strike(FaultKind.MessageLate)
                ? TimeSpan.TicksPerMillisecond * faults.Next(FaultKind.MessageLate, 200, 4_000)
                : Latency());
        if (faults.Strike(FaultKind.MessageTwice))
        {
            _ = BringAsync(entry, Latency());
        }

        return !faults.Strike(FaultKind.ConfirmLost);
    }

    /// <summary>
    /// Gives a node some of what it has, in any order; nothing where the node has just died in the midst of asking, for
    /// nobody would ever acknowledge that.
    /// </summary>
    public IReadOnlyList<Delivery> Take(Realm node, int most)
    {
        var some = new List<Delivery>();
        while (!node.IsOver && some.Count < most && _queue.Count > 0)
        {
            var place = _draw.Next(_queue.Count);
            some.Add(new Delivery(_queue[place], new object()));
            _queue.RemoveAt(place);
        }

        _inHands.AddRange(some.Select(delivery => (node, delivery)));
        return some;
    }

    /// <summary>These need not be brought again, if it hears that.</summary>
    public void Acknowledge(IReadOnlyList<Delivery> deliveries)
    {
        if (!world.Faults.Strike(FaultKind.ConfirmLost))
        {
            _inHands.RemoveAll(one => deliveries.Contains(one.Delivery));
        }
    }

    /// <summary>A node's connection is gone: what it had not acknowledged is brought again.</summary>
    public void Forget(Func<Realm, bool> isGone)
    {
        var back = _inHands.FindAll(one => isGone(one.Node));
        _inHands.RemoveAll(one => isGone(one.Node));
        back.ForEach(one => Arrive(one.Delivery.Entry));
    }

    /// <summary>Has it suffer now and then, until faults are over.</summary>
    public async Task SufferAsync()
    {
        while (!world.Faults.IsOver)
        {
            await world.WaitAsync(_draw.Next(20, 300));
            if (world.Faults.Strike(FaultKind.BrokerAway))
            {
                _awayUntil = world.Agenda.Now
                    + TimeSpan.TicksPerMillisecond * world.Faults.Next(FaultKind.BrokerAway, 20, 1_500);
                world.Trace.Add("broker", "is away");
                Forget(_ => true);
            }

            if (world.Faults.Strike(FaultKind.QueueDeleted))
            {
                world.Trace.Add("broker", $"loses its queue, and {_queue.Count} messages with it");
                _queue.Clear();
            }
        }

        // Whose acknowledgement was lost is asked again once its connection is a new one.
        Forget(_ => true);
    }

    /// <summary>How long a message takes.</summary>
    public long Latency() => _draw.Next(500, 10_000);

    private async Task BringAsync(AdmittedBatch entry, long ticks)
    {
        _onTheWay++;
        await world.Agenda.WaitAsync(world.Realm, ticks);
        _onTheWay--;
        Arrive(entry);
    }

    private void Arrive(AdmittedBatch entry)
    {
        _queue.Add(entry);
        var arrived = _arrived;
        _arrived = new TaskCompletionSource();
        arrived.SetResult();
    }
}
