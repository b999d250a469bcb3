using Doorbuster.Notification;

namespace Doorbuster.Orders;

/// <summary>
/// What follows where nodes share a gate: the units that came back are rows of the outbox already, so the courier only
/// hurries. Nobody who pays or cancels waits for the gate.
/// </summary>
/// <param name="courier">Takes what the outbox has to the gates.</param>
/// <param name="notifier">Tells buyers; nobody where null.</param>
public sealed class OutboxAftermath(Courier courier, INotifier? notifier) : IAftermath
{
    /// <inheritdoc/>
    public ValueTask FollowAsync(IReadOnlyList<OrderAnswer> answers, CancellationToken cancellationToken)
    {
        var changed = answers
            .Where(answer => answer.Outcome is CommandOutcome.Done or CommandOutcome.Stands)
            .Select(answer => answer.Order)
            .OfType<Order>()
            .ToList();
        if (changed.Exists(order => order.Held == 0))
        {
            courier.Hurry();
        }

        if (changed.Count > 0)
        {
            notifier?.OrdersChanged(changed);
        }

        return ValueTask.CompletedTask;
    }
}
