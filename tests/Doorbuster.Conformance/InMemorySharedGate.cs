using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Orders;

namespace Doorbuster.Conformance;

/// <summary>
/// The shared gate as it should be, in memory and by the decision function itself: what every other is held against. It
/// loses things only where a test says so.
/// </summary>
public sealed partial class InMemorySharedGate(
    TimeProvider clock, int ordersPerBuyer, TimeSpan maxQueueAge) : ISharedGate
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SaleId, SharedGateSale> _sales = [];

    /// <summary>How many claims were given to it.</summary>
    public int Decided { get; private set; }

    /// <summary>How often it was looked at.</summary>
    public int Looks { get; private set; }

    /// <summary>The entries of a sale's log that nobody has taken out.</summary>
    public IReadOnlyList<AdmittedBatch> LogOf(SaleId sale)
    {
        lock (_lock)
        {
            return [.. Of(sale).Log];
        }
    }

    /// <summary>Takes entries out of a sale's log.</summary>
    public void Delete(SaleId sale, IReadOnlyCollection<string> entries)
    {
        lock (_lock)
        {
            Of(sale).Log.RemoveAll(entry => entries.Contains(entry.Id));
        }
    }

    /// <summary>
    /// The same for entries by their ids and epochs: a gate of another epoch may have given the same id.
    /// </summary>
    internal void Acknowledge(SaleId sale, HashSet<(string Id, long Epoch)> entries)
    {
        lock (_lock)
        {
            Of(sale).Log.RemoveAll(entry => entries.Contains((entry.Id, entry.Epoch)));
        }
    }

    /// <summary>
    /// Gives a reader entries that it wants, by whether and when somebody was given them before; from now on they are
    /// in its hands.
    /// </summary>
    internal IReadOnlyList<AdmittedBatch> HandOut(
        SaleId sale, DateTimeOffset now, int most, Func<DateTimeOffset?, bool> isWanted)
    {
        lock (_lock)
        {
            var known = Of(sale);
            var given = known.Log.Where(entry => isWanted(known.GivenAt(entry.Id))).Take(most).ToList();
            given.ForEach(entry => known.Give(entry.Id, now));
            return given;
        }
    }

    /// <summary>A part of the sale is lost.</summary>
    public void Damage(SaleId sale)
    {
        lock (_lock)
        {
            Of(sale).IsDamaged = true;
        }
    }

    public IReadOnlyCollection<string> Servers { get; } = ["this process"];

    public string ServerOf(SaleId sale) => "this process";

    public ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var batch in batches)
            {
                var sale = Of(batch.Sale);
                Decided += batch.Claims.Length;
                if (sale.Standing == GateStanding.Open)
                {
                    sale.Claim(batch, clock.GetUtcNow(), ordersPerBuyer, maxQueueAge);
                }
                else
                {
                    batch.Answers.Fill(new ClaimAnswer(Outcome.SaleUnknown));
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var sale = Of(snapshot.Sale.Id);
            if (sale.MayOpen(snapshot.Epoch))
            {
                sale.Open(snapshot);
            }

            return ValueTask.FromResult(sale.OpenView);
        }
    }

    public ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        var views = new List<(SaleId, StockView)>();
        lock (_lock)
        {
            foreach (var ofSale in releases.GroupBy(release => release.Order.Sale))
            {
                var sale = Of(ofSale.Key);
                if (sale.Standing == GateStanding.Open
                    && ofSale.GroupBy(release => release.Epoch).All(some => sale.Release([.. some])))
                {
                    views.Add((ofSale.Key, sale.OpenView!));
                }
            }
        }

        return ValueTask.FromResult<IReadOnlyList<(SaleId, StockView)>>(views);
    }

    /// <summary>Whether it takes no operator's change over now, and tells nobody what buyers hold.</summary>
    public bool IsAway { get; set; }

    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = Of(sale.Id);
            var isTaken = !IsAway && known.Standing == GateStanding.Open && !(epoch > known.Epoch);
            if (isTaken)
            {
                known.Apply(sale);
            }

            return ValueTask.FromResult(isTaken ? known.OpenView : null);
        }
    }

    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = Of(sale);
            return ValueTask.FromResult(
                known.OpenView is { } view
                    ? new GateReport(view, [.. known.Holdings.All().Select(held => held.Order)])
                    {
                        Buyers = [.. known.Holdings.All().Select(held => BuyerHash.Of(held.Buyer.Utf8)).Distinct()],
                    }
                    : null);
        }
    }

    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        var orders = new List<OrderId>();
        lock (_lock)
        {
            var known = Of(sale);
            if (known.Standing == GateStanding.Open)
            {
                foreach (var order in known.Holdings.Of(buyer))
                {
                    orders.Add(new OrderId(sale, order.Key));
                }
            }
        }

        return ValueTask.FromResult<IReadOnlyList<OrderId>>(orders);
    }

    public ValueTask<BuyerHoldings?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new GateUnavailableException("The gate answers nobody now.");
        }

        lock (_lock)
        {
            var known = Of(sale);
            return ValueTask.FromResult(
                known.Standing == GateStanding.Open
                    ? new BuyerHoldings(known.Epoch, [.. known.Holdings.Of(buyer)])
                    : null);
        }
    }

    public ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = Of(sale);
            Looks++;
            return ValueTask.FromResult(new GateLook(known.Standing, known.Epoch, known.OpenView));
        }
    }

    public ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = Of(sale);
            var isFenced = known.Epoch <= epoch;
            if (isFenced)
            {
                known.FenceOff(epoch);
            }

            return ValueTask.FromResult(isFenced);
        }
    }

    public ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = Of(sale);
            var mayGo = known is { Standing: GateStanding.Open, Terms.Mode: SaleMode.Closed, Log.Count: 0 }
                && known.Epoch == epoch;
            if (mayGo)
            {
                _sales.Remove(sale);
            }

            return ValueTask.FromResult(
                mayGo || known is { Standing: GateStanding.Missing, Log.Count: 0 });
        }
    }

    private SharedGateSale Of(SaleId sale)
    {
        if (!_sales.TryGetValue(sale, out var known))
        {
            known = new SharedGateSale(() => _run);
            _sales.Add(sale, known);
        }

        return known;
    }
}
