using Doorbuster.Dispatch;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Rabbit;

/// <summary>The transport as one loop of one node reaches it.</summary>
/// <param name="broker">The broker.</param>
/// <param name="agenda">The world's time.</param>
/// <param name="world">The realm that outlives nodes.</param>
/// <param name="node">The node.</param>
internal sealed class SimulatedTransport(Broker broker, Agenda agenda, Realm world, Realm node) : IClaimTransport
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyCollection<AdmittedBatch>> SendAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<AdmittedBatch> taken = [];
        if (!broker.IsAway)
        {
            // The broker does its part though the node may die meanwhile.
            world.Post(_ => taken = [.. entries.Where(broker.Send)], null);
        }

        await agenda.WaitAsync(node, broker.Latency());
        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Delivery>> ReceiveAsync(int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (broker.IsAway)
            {
                throw new TransportUnavailableException("The broker is away.");
            }

            if (broker.Take(node, most) is { Count: > 0 } some)
            {
                return some;
            }

            await broker.Arrived.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask AcknowledgeAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        broker.Acknowledge(deliveries);
        return ValueTask.CompletedTask;
    }
}
