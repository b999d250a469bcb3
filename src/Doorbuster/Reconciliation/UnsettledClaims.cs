using Doorbuster.Fulfilment;
using Doorbuster.Notification;

namespace Doorbuster.Reconciliation;

/// <summary>
/// The claims that this node has answered with "queued" and of which it has not heard since. When a gate is opened anew
/// it looks each of that sale up, so that buyers whose claims were lost are told without asking (I4).
/// </summary>
/// <remarks>
/// It is a memory of so many at most; what it forgets, or a node that ends, is found when the buyer asks. Every node
/// hears of a new epoch from its own look at the gates. It asks until the new gate has told about each claim, and again
/// a while later: an earlier gate's last answers may have been on their way.
/// </remarks>
/// <param name="ledger">Where orders are read.</param>
/// <param name="lost">Finds out about those that the store does not have.</param>
/// <param name="most">The most that are remembered.</param>
/// <param name="clock">The time between two attempts.</param>
public sealed class UnsettledClaims(ILedger ledger, LostClaims lost, int most, TimeProvider clock) : INotifier
{
    private const int ReadAtOnce = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The ages of a suspicion at which it looks. What an earlier gate said is doubted as soon as this node knows the
    /// store's epoch; a call to a gate with all that is read for its answer lasts seconds, and two minutes at most.
    /// </summary>
    private static readonly TimeSpan[] Looks = [TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2)];

    private readonly Lock _lock = new();
    private readonly Dictionary<OrderId, BuyerId> _claims = [];
    private readonly Queue<OrderId> _inOrder = new();

    private readonly Dictionary<SaleId, Suspicion> _suspicions = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _claims.Count;
            }
        }
    }

    /// <summary>A buyer was told that the order is queued.</summary>
    public void Add(OrderId order, BuyerId buyer)
    {
        lock (_lock)
        {
            while (_claims.Count >= most)
            {
                _claims.Remove(_inOrder.Dequeue());
            }

            if (_claims.TryAdd(order, buyer))
            {
                _inOrder.Enqueue(order);
            }

            if (_inOrder.Count > 2L * most)
            {
                // Those of which it has heard go, now and then, all at once.
                OrderId[] left = [.. _inOrder.Where(_claims.ContainsKey).Distinct()];
                _inOrder.Clear();
                Array.ForEach(left, _inOrder.Enqueue);
            }
        }
    }

    /// <summary>
    /// Another node says that the store has the order: so there is nothing to find out, and room for one that is not
    /// settled.
    /// </summary>
    public void Forget(OrderId order)
    {
        lock (_lock)
        {
            _claims.Remove(order);
        }
    }

    /// <inheritdoc/>
    public void OrdersChanged(IReadOnlyList<Order> orders)
    {
        lock (_lock)
        {
            foreach (var order in orders)
            {
                _claims.Remove(order.Id);
            }
        }
    }

    /// <inheritdoc/>
    public void SaleChanged(Listing listing)
    {
        // Claims are not the sale's terms.
    }

    /// <summary>A sale's gate was opened anew: what became of its claims is to be found out.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="epoch">The new gate's; 0 where any that answers will do.</param>
    public void Suspect(SaleId sale, long epoch)
    {
        lock (_lock)
        {
            _suspicions[sale] = new Suspicion(epoch, clock.GetTimestamp(), Look: 0);
        }
    }

    /// <summary>Finds out until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var (sale, (suspicion, claims)) in Due())
            {
                if (await SettleAsync(claims, suspicion.Epoch, cancellationToken))
                {
                    Note(sale, suspicion);
                }
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>The sales to be looked at now, with their claims, which are sought together for all of them.</summary>
    private Dictionary<SaleId, (Suspicion Suspicion, List<(OrderId Order, BuyerId Buyer)> Claims)> Due()
    {
        lock (_lock)
        {
            var due = _suspicions
                .Where(one => clock.GetElapsedTime(one.Value.Since) >= Looks[one.Value.Look])
                .ToDictionary(one => one.Key, one => (one.Value, new List<(OrderId Order, BuyerId Buyer)>()));
            foreach (var (order, buyer) in due.Count > 0 ? _claims : [])
            {
                if (due.TryGetValue(order.Sale, out var found))
                {
                    found.Item2.Add((order, buyer));
                }
            }

            return due;
        }
    }

    /// <summary>Each claim was told about; unless the gate was opened anew meanwhile.</summary>
    private void Note(SaleId sale, Suspicion suspicion)
    {
        lock (_lock)
        {
            if (_suspicions[sale] != suspicion)
            {
                return;
            }

            if (suspicion.Look + 1 < Looks.Length)
            {
                _suspicions[sale] = suspicion with { Look = suspicion.Look + 1 };
            }
            else
            {
                _suspicions.Remove(sale);
            }
        }
    }

    /// <summary>Finds out once about every claim; false where that could not be done now.</summary>
    private async Task<bool> SettleAsync(
        List<(OrderId Order, BuyerId Buyer)> claims, long epoch, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var some in claims.Chunk(ReadAtOnce))
            {
                var stand = await ledger.FindAsync([.. some.Select(claim => claim.Order)], cancellationToken);
                OrdersChanged(stand);
                foreach (var (order, buyer) in some.ExceptBy(stand.Select(known => known.Id), claim => claim.Order))
                {
                    var (isTold, found) = await lost.FindAsync(order, buyer, epoch, cancellationToken);
                    if (!isTold)
                    {
                        return false;
                    }

                    if (found is not null)
                    {
                        OrdersChanged([found]);
                    }
                }
            }

            return true;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            return false;
        }
    }

    /// <summary>That claims of a sale may be lost.</summary>
    /// <param name="Epoch">The gate's that is to tell.</param>
    /// <param name="Since">When it was opened, as this node saw it.</param>
    /// <param name="Look">Which look is next; see <see cref="Looks"/>.</param>
    private readonly record struct Suspicion(long Epoch, long Since, int Look);
}
