using System.Threading.Channels;
using Doorbuster.Fulfilment;

namespace Doorbuster.Notification;

/// <summary>
/// Callers that wait until the store has an order that a gate has admitted. One read of the store is for all of them;
/// whoever is told of the order on this node ends the wait sooner.
/// </summary>
/// <param name="ledger">Where orders are read.</param>
/// <param name="clock">The time between two reads.</param>
public sealed class OrderWaits(ILedger ledger, TimeProvider clock) : INotifier
{
    /// <summary>The time between two reads while somebody waits.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private const int ReadAtOnce = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<OrderId, List<TaskCompletionSource<Order>>> _waiting = [];

    // Somebody waits: one such word is enough, however many come.
    private readonly Channel<bool> _arrival = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Waits for an order, for so long at most.</summary>
    /// <returns>The order as the store has it; null where it does not have it yet.</returns>
    public async Task<Order?> WaitAsync(OrderId order, TimeSpan patience, CancellationToken cancellationToken)
    {
        var wait = new TaskCompletionSource<Order>();
        Add(order, wait);
        try
        {
            return await wait.Task.WaitAsync(patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            Remove(order, wait);
        }
    }

    /// <summary>Whether somebody waits for an order.</summary>
    public bool IsAwaited(OrderId order)
    {
        lock (_lock)
        {
            return _waiting.ContainsKey(order);
        }
    }

    /// <inheritdoc/>
    public void OrdersChanged(IReadOnlyList<Order> orders) => _ = TellAsync(orders);

    /// <inheritdoc/>
    public void SaleChanged(Listing listing)
    {
        // Nobody waits for a sale here.
    }

    /// <summary>Reads what is waited for until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var orders = Waiting();
            if (orders.Length == 0)
            {
                await _arrival.Reader.ReadAsync(cancellationToken);
                continue;
            }

            await Task.Delay(Pause, clock, cancellationToken);
            await LookAsync(orders, cancellationToken);
        }
    }

    private async Task LookAsync(OrderId[] orders, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var some in orders.Chunk(ReadAtOnce))
            {
                await TellAsync(await ledger.FindAsync(some, cancellationToken));
            }
        }
        catch (StoreUnavailableException)
        {
            // They wait on, until their time is over.
        }
    }

    private async Task TellAsync(IReadOnlyList<Order> orders)
    {
        List<(TaskCompletionSource<Order> Wait, Order Order)>? ended = null;
        lock (_lock)
        {
            foreach (var order in orders)
            {
                if (_waiting.Count > 0 && _waiting.Remove(order.Id, out var waits))
                {
                    (ended ??= []).AddRange(waits.Select(wait => (wait, order)));
                }
            }
        }

        if (ended is not null)
        {
            // What the callers do next runs there, and not in whoever tells.
            await Task.Yield();
            ended.ForEach(one => one.Wait.TrySetResult(one.Order));
        }
    }

    private OrderId[] Waiting()
    {
        lock (_lock)
        {
            return [.. _waiting.Keys];
        }
    }

    private void Add(OrderId order, TaskCompletionSource<Order> wait)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(order, out var waits))
            {
                _waiting.Add(order, waits = []);
            }

            waits.Add(wait);
        }

        _arrival.Writer.TryWrite(true);
    }

    private void Remove(OrderId order, TaskCompletionSource<Order> wait)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(order, out var waits) && waits.Remove(wait) && waits.Count == 0)
            {
                _waiting.Remove(order);
            }
        }
    }
}
