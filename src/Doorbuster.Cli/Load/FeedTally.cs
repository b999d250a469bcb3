using System.Collections.Concurrent;

namespace Doorbuster.Cli.Load;

/// <summary>
/// What a sale's feed has told so far. One reader of the feed counts; a display may see one figure before another.
/// </summary>
internal sealed class FeedTally
{
    /// <summary>The type of an order's end without a payment.</summary>
    public const string OrderExpired = "order.expired";

    private readonly ConcurrentDictionary<string, bool> _gone = new();
    private int _orders;
    private int _paid;
    private int _expired;

    /// <summary>Orders that were reserved, whatever became of them.</summary>
    public int Orders => Volatile.Read(ref _orders);

    /// <summary>Orders that were paid.</summary>
    public int Paid => Volatile.Read(ref _paid);

    /// <summary>Reservations that ended unpaid; late money may have revived one since.</summary>
    public int Expired => Volatile.Read(ref _expired);

    /// <summary>Orders that hold units and wait for payment now.</summary>
    public int Reserved => Math.Max(0, Orders - Paid - _gone.Count);

    /// <summary>Counts a transition.</summary>
    public void Count(FeedEvent one)
    {
        switch (one.Type)
        {
            case "order.reserved":
                Volatile.Write(ref _orders, _orders + 1);
                break;
            case "order.paid":
                _gone.TryRemove(one.OrderId!, out _);
                Volatile.Write(ref _paid, _paid + 1);
                break;
            case OrderExpired:
                _gone[one.OrderId!] = true;
                Volatile.Write(ref _expired, _expired + 1);
                break;
        }
    }
}
