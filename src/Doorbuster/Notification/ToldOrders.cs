namespace Doorbuster.Notification;

/// <summary>
/// What a watcher was told of its orders: so that what is found by looking is told only where it is news, and only
/// orders that may still change are looked at. Not safe for use by several threads at once.
/// </summary>
internal sealed class ToldOrders
{
    private readonly Dictionary<OrderKey, (int Revision, bool IsOpen)> _told = [];

    /// <summary>Takes note of what is told.</summary>
    /// <returns>Whether it is news.</returns>
    public bool Note(Order order)
    {
        if (_told.TryGetValue(order.Id.Key, out var told) && told.Revision >= order.Revision)
        {
            return false;
        }

        // Late money may pay an expired order yet.
        var isOpen = order.Status is OrderStatus.Queued or OrderStatus.Reserved or OrderStatus.Expired;
        _told[order.Id.Key] = (order.Revision, isOpen);
        return true;
    }

    /// <summary>Whether an order may still change, for all that was told; one that is not known may.</summary>
    public bool MayChange(OrderKey order) => !_told.TryGetValue(order, out var told) || told.IsOpen;

    /// <summary>Those that were told of and may still change.</summary>
    public IEnumerable<OrderKey> Open => _told.Where(told => told.Value.IsOpen).Select(told => told.Key);
}
