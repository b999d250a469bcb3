namespace Doorbuster.Notification;

/// <summary>
/// Carries word between nodes that orders have changed, and never what they are: that is the store's to say. A hint may
/// be lost, doubled or late, and nobody is told anything untrue by it.
/// </summary>
public interface IHints
{
    /// <summary>Sends hints to every other node that listens now. What cannot be sent is lost.</summary>
    /// <param name="hints">At most 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask SendAsync(IReadOnlyList<OrderHint> hints, CancellationToken cancellationToken);

    /// <summary>Begins to hear other nodes' hints, and goes on while this node lives. It is called once.</summary>
    /// <param name="heard">Told of them, by several threads perhaps; it returns at once.</param>
    void Listen(Action<IReadOnlyList<OrderHint>> heard);
}

/// <summary>Word that an order has changed.</summary>
/// <param name="Order">The order.</param>
/// <param name="Buyer">
/// Part of its buyer's <see cref="BuyerHash"/>, by which a node knows that nobody here waits for it.
/// </param>
public readonly record struct OrderHint(OrderId Order, uint Buyer)
{
    /// <summary>The most that are sent at once.</summary>
    public const int MostAtOnce = 1_000;

    /// <summary>Word of an order.</summary>
    public static OrderHint Of(Order order) => new(order.Id, TagOf(order.Buyer));

    /// <summary>What a hint has of a buyer.</summary>
    public static uint TagOf(BuyerId buyer) => (uint)BuyerHash.Of(buyer.Utf8);
}
