namespace Doorbuster.Notification;

/// <summary>Several that are told as one.</summary>
/// <param name="all">They.</param>
public sealed class Notifiers(params INotifier[] all) : INotifier
{
    /// <inheritdoc/>
    public void OrdersChanged(IReadOnlyList<Order> orders) =>
        Array.ForEach(all, notifier => notifier.OrdersChanged(orders));

    /// <inheritdoc/>
    public void SaleChanged(Listing listing) => Array.ForEach(all, notifier => notifier.SaleChanged(listing));
}
