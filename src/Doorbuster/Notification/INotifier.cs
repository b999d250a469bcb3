namespace Doorbuster.Notification;

/// <summary>
/// Told of what has been committed, after it is on disk. It returns at once and never throws: whoever is slow to listen
/// holds nobody up.
/// </summary>
public interface INotifier
{
    /// <summary>
    /// Orders are as these say, reserved ones included; one whose revision is lower than one told before is old.
    /// </summary>
    void OrdersChanged(IReadOnlyList<Order> orders);

    /// <summary>A sale's terms or mode are as the listing says.</summary>
    void SaleChanged(Listing listing);
}
