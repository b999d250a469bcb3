using Doorbuster.Claims;

namespace Doorbuster.Conformance;

/// <content>
/// The server that the gates are on: it may be started again, come back older, or be followed by a copy of itself; and
/// the steps by which a gate is opened over a connection that may break between any two of them.
/// </content>
public sealed partial class InMemorySharedGate
{
    private readonly Dictionary<object, Dictionary<BuyerId, HeldOrder[]>> _loading = [];
    private object _run = new();

    /// <summary>The server is another one, or was away: it has what it had, and none of it may be believed.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _run = new object();
        }
    }

    /// <summary>Everything is lost, and the server has not been away.</summary>
    public void Empty()
    {
        lock (_lock)
        {
            _sales.Clear();
            _loading.Clear();
        }
    }

    /// <summary>A part of a sale is lost.</summary>
    public void Lose(SaleId sale, GatePart part)
    {
        lock (_lock)
        {
            var known = Of(sale);
            switch (part)
            {
                case GatePart.Gate:
                    known.LoseGate();
                    break;
                case GatePart.Buyers:
                    known.IsDamaged = true;
                    break;
                default:
                    known.IsDamaged = true;
                    known.Log.Clear();
                    break;
            }
        }
    }

    /// <summary>A backup, or a replica: what the server has now, on a server with a run of its own.</summary>
    public InMemorySharedGate Copy()
    {
        lock (_lock)
        {
            var copy = new InMemorySharedGate(clock, ordersPerBuyer, maxQueueAge);
            foreach (var (id, sale) in _sales)
            {
                copy._sales.Add(id, sale.Copy(() => copy._run));
            }

            return copy;
        }
    }

    /// <summary>The highest epoch of a sale that was fenced; 0 for none.</summary>
    public long FenceOf(SaleId sale)
    {
        lock (_lock)
        {
            return Of(sale).Fence;
        }
    }

    /// <summary>What whoever opens a gate must know first: its epoch, and the server's run.</summary>
    public (long Epoch, object Run) Begin(SaleId sale)
    {
        lock (_lock)
        {
            return (Of(sale).Epoch, _run);
        }
    }

    /// <summary>Loads some of a snapshot's buyers beside what is there, under a name of the caller's.</summary>
    public void Load(object name, IReadOnlyCollection<(BuyerId Buyer, HeldOrder[] Orders)> buyers)
    {
        lock (_lock)
        {
            if (!_loading.TryGetValue(name, out var loaded))
            {
                _loading.Add(name, loaded = []);
            }

            foreach (var (buyer, orders) in buyers)
            {
                loaded[buyer] = orders;
            }
        }
    }

    /// <summary>Opens a gate with buyers that were loaded.</summary>
    /// <returns>
    /// Whether a gate of the snapshot's epoch, or of a later one, is there, or was fenced before it could be; false
    /// where loading has to begin anew.
    /// </returns>
    public bool Swap(GateSnapshot snapshot, object name, (long Epoch, object Run) before)
    {
        lock (_lock)
        {
            var sale = Of(snapshot.Sale.Id);
            if (!sale.MayOpen(snapshot.Epoch))
            {
                return true;
            }

            if (before != (sale.Epoch, _run) || !_loading.TryGetValue(name, out var loaded)
                || loaded.Count != snapshot.Holdings.Buyers)
            {
                return false;
            }

            _loading.Remove(name);
            var holdings = new Holdings();
            foreach (var (buyer, orders) in loaded)
            {
                Array.ForEach(orders, order => holdings.Add(buyer, order));
            }

            sale.Open(snapshot with { Holdings = holdings });
            return true;
        }
    }
}
