using Doorbuster.Claims;
using Doorbuster.Notification;

namespace Doorbuster.Orders;

/// <summary>
/// What follows once orders have changed in the store: units that came back go to the gate by order id, a sold-out sale
/// opens again, and whoever listens is told.
/// </summary>
/// <param name="gate">Where units go back.</param>
/// <param name="catalog">Where the sold-out marks are.</param>
/// <param name="notifier">Tells buyers; nobody where null.</param>
public sealed class Aftermath(IGate gate, Catalog catalog, INotifier? notifier) : IAftermath
{
    /// <summary>
    /// Follows up on answers. Doing it twice is doing it once: an order that stands ended already is released again,
    /// for whoever ended it may not have come so far.
    /// </summary>
    public async ValueTask FollowAsync(IReadOnlyList<OrderAnswer> answers, CancellationToken cancellationToken)
    {
        List<Release>? releases = null;
        List<Order>? changed = null;
        foreach (var answer in answers)
        {
            if (answer.Order is not { } order || answer.Outcome is CommandOutcome.Unknown or CommandOutcome.Refused)
            {
                continue;
            }

            if (order.Held == 0)
            {
                // Only a buyer's claim reserves; what late money takes under a higher turn is paid, and never ends.
                (releases ??= []).Add(new Release(order.Id, order.Buyer, Turn: 0));
            }

            // What stands already is told again too: whoever did it may not have come so far.
            (changed ??= []).Add(order);
        }

        if (releases is not null)
        {
            await ReleaseAsync(releases, cancellationToken);
        }

        if (changed is not null)
        {
            notifier?.OrdersChanged(changed);
        }
    }

    private async ValueTask ReleaseAsync(List<Release> releases, CancellationToken cancellationToken)
    {
        foreach (var (sale, view) in await gate.ReleaseAsync(releases, cancellationToken))
        {
            if (catalog.TryFind(sale.ToString(), out var listing))
            {
                listing.Mark.Reopen(view);
            }
        }
    }
}
