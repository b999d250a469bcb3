using System.Runtime.InteropServices;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Nodes;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;

namespace Doorbuster.Simulation.Law;

/// <summary>
/// What is committed, with its history, by looking at rows alone. It counts every unit again: I1 and I3 hold after
/// every step, and no order goes a way that there is not.
/// </summary>
internal sealed class Truth(Auditor auditor, Agenda agenda, Trace trace)
{
    private readonly Dictionary<SaleId, SaleTruth> _sales = [];
    private readonly Dictionary<OrderId, OrderTruth> _orders = [];

    public SaleTruth? Find(SaleId sale) => _sales.GetValueOrDefault(sale);

    public OrderTruth? Find(OrderId order) => _orders.GetValueOrDefault(order);

    /// <summary>Every order there is, in the order in which sales and orders came.</summary>
    public IEnumerable<OrderTruth> Orders => _orders.Values;

    /// <summary>Looks at what has changed of a sale.</summary>
    public void Look(DurableSale row)
    {
        if (!_sales.TryGetValue(row.Sale.Id, out var sale))
        {
            _sales.Add(row.Sale.Id, sale = new SaleTruth(row));
        }

        if (row.Epoch > sale.SeenEpoch && auditor.Cluster is not null)
        {
            trace.Add("store", $"{row.Sale.Id} is of epoch {row.Epoch}{(row.IsOver ? ", and over" : "")}");
            auditor.Reach(row.IsOver ? Branch.SaleEnded : Branch.GateRebuilt);
            sale.EpochSince = agenda.Now;
        }

        sale.SeenEpoch = row.Epoch;
        if (sale.SeenVersion == row.Version)
        {
            return;
        }

        sale.SeenVersion = row.Version;
        var orders = row.Orders;
        for (var i = 0; i < orders.Count; i++)
        {
            if (i == sale.Orders.Count)
            {
                Begin(sale, orders[i]);
            }
            else if (!ReferenceEquals(sale.Orders[i].Row, orders[i]))
            {
                Change(sale, sale.Orders[i], orders[i]);
            }
        }

        if (sale.WasClosedForGood && row.Sale.Quantity != sale.Quantity)
        {
            BreakState($"{row.Sale.Id} is closed, and has {row.Sale.Quantity} units in place of {sale.Quantity}.");
        }

        var wasShut = sale.IsShut;
        sale.Note(agenda.Now);
        CheckStock(sale);
        if (wasShut && !sale.IsShut)
        {
            GoesOn(sale, auditor.Story.Of(row.Sale.Id));
        }
    }

    private void GoesOn(SaleTruth sale, SaleStory story)
    {
        story.IsShutSince = null;
        if (sale.WasClosedForGood || story.OpenResumes == 0)
        {
            BreakState($"{sale.Row.Sale.Id} goes on, though it was closed or nobody asked for that.");
        }
    }

    private void Begin(SaleTruth sale, Order row)
    {
        var order = new OrderTruth(sale, row, agenda.Steps) { ChangedAt = agenda.Now };
        sale.Orders.Add(order);
        _orders.Add(row.Id, order);
        if (row.Status == OrderStatus.Rejected && auditor.Cluster is { } cluster)
        {
            BeginRejected(sale, row, cluster);
            return;
        }

        trace.Add(
            "store",
            $"{OrderSheet.Short(row.Id)} is {row.Buyer}'s, who has until {Seconds(row.ExpiresAt)} to pay");
        sale.EverTaken += row.Quantity;
        sale.BuyerOf(row.Buyer).Orders++;
        sale.BuyerOf(row.Buyer).EverTaken += row.Quantity;
        Count(sale, row.Buyer, null, row);
        if (row.Status is not OrderStatus.Reserved)
        {
            BreakState($"{OrderSheet.Short(row.Id)} begins as {row.Status}.");
        }

        if (row.Amount != row.Amount with { Amount = sale.Row.Sale.Price.Amount * row.Quantity })
        {
            BreakState($"{OrderSheet.Short(row.Id)} costs {row.Amount}, {row.Quantity} units.");
        }

        if (auditor.Cluster is { } nodes)
        {
            if (nodes.Bad.Was(row.Id))
            {
                auditor.Reach(Branch.BadClaimMended);
            }
        }
        else if (sale.IsShut && sale.Row.Sale.Mode != SaleMode.Active)
        {
            auditor.Break(
                "no order under terms that are over",
                $"{OrderSheet.Short(row.Id)} was committed although {sale.Row.Sale.Id} is {sale.Row.Sale.Mode}.");
        }

        var window = row.ExpiresAt - row.ReservedAt;
        if (window != sale.Row.Sale.PaymentWindow && window != sale.Window)
        {
            auditor.Break(
                "no order under terms that are over",
                $"{OrderSheet.Short(row.Id)} can be paid for {window}, the sale says {sale.Row.Sale.PaymentWindow}.");
        }
    }

    /// <summary>A claim that a gate had admitted is not kept: there must have been a reason.</summary>
    private void BeginRejected(SaleTruth sale, Order row, Cluster cluster)
    {
        trace.Add("store", $"{OrderSheet.Short(row.Id)} is rejected: {row.Rejection}");
        sale.BuyerOf(row.Buyer).Orders++;
        var isTrue = row.Rejection switch
        {
            // Another may have got a dead letter's units from a gate that had forgotten it.
            RejectionReason.AdmissionLost => cluster.Redis.Book.MayHaveLost(row.Id)
                || (cluster.Bad.Was(row.Id) && cluster.Redis.Book.HasLost(sale.Row.Sale.Id)),
            RejectionReason.Failed => cluster.Bad.Was(row.Id),
            _ => false,
        };
        if (row.Rejection is RejectionReason.AdmissionLost or RejectionReason.Failed)
        {
            auditor.Reach(
                row.Rejection == RejectionReason.Failed ? Branch.ClaimGivenUp : Branch.ClaimLost);
        }

        if (!isTrue)
        {
            auditor.Break(
                "I4 no claim is rejected without a reason",
                $"{OrderSheet.Of(row)} of {row.Buyer}, and nothing had happened that would have it so.");
        }
    }

    private static string Seconds(DateTimeOffset moment) => Trace.Seconds(moment - RealmClock.Start);

    private void Change(SaleTruth sale, OrderTruth order, Order row)
    {
        var before = order.Row;
        order.Row = row;
        if (row.Status == before.Status && row.Revision == before.Revision)
        {
            return;
        }

        if (row.Status == before.Status)
        {
            trace.Add("store", $"{OrderSheet.Short(row.Id)} is asked for again, turn {row.Turn}");
        }
        else
        {
            trace.Add("store", $"{OrderSheet.Short(row.Id)} goes from {before.Status} to {row.Status}");
        }

        var isLegal = row.Revision > before.Revision && (row.Id, row.Buyer, row.Quantity, row.Amount)
            == (before.Id, before.Buyer, before.Quantity, before.Amount) && (before.Status, row.Status) is
                (OrderStatus.Reserved, not OrderStatus.Rejected)
                or (OrderStatus.Expired, OrderStatus.Expired or OrderStatus.Paid);
        if (!isLegal)
        {
            BreakState($"{OrderSheet.Short(row.Id)} went from {before.Status} to {row.Status}.");
        }

        order.History.Add((row.Revision, row.Status, agenda.Steps));
        order.ChangedAt = agenda.Now;
        Count(sale, row.Buyer, before, row);
        NoteBranch(sale, before, row);
    }

    private void NoteBranch(SaleTruth sale, Order before, Order row)
    {
        switch (before.Status, row.Status)
        {
            case (OrderStatus.Reserved, OrderStatus.Paid):
                auditor.Reach(Branch.PaidInTime);
                if (row.Payment!.Id.TryRead(out _, out var attempt) && attempt > 1)
                {
                    auditor.Reach(Branch.PaidAfterFailure);
                }

                break;
            case (OrderStatus.Reserved, OrderStatus.Cancelled):
                auditor.Reach(Branch.Cancelled);
                break;
            case (OrderStatus.Reserved, OrderStatus.Expired):
                auditor.Reach(row.Payment is null ? Branch.Expired : Branch.PaymentLostToExpiry);
                break;
            case (OrderStatus.Expired, OrderStatus.Paid):
                auditor.Reach(Branch.LateMoneyRevived);
                if (sale.Row.IsOver)
                {
                    auditor.Reach(Branch.RevivedAfterEnd);
                }

                break;
        }
    }

    /// <summary>Adds up what an order holds now in place of what it held.</summary>
    private void Count(SaleTruth sale, BuyerId buyer, Order? before, Order after)
    {
        sale.Reserved += In(after, OrderStatus.Reserved) - In(before, OrderStatus.Reserved);
        sale.Sold += In(after, OrderStatus.Paid) - In(before, OrderStatus.Paid);
        var holder = sale.BuyerOf(buyer);
        holder.Held = holder.Held + Holds(after) - Holds(before);
        if (holder.Held > sale.Row.Sale.PerBuyerLimit)
        {
            auditor.Break(
                "I3 no buyer holds more than the limit",
                $"{buyer} holds {holder.Held} of {sale.Row.Sale.Id}, the limit is {sale.Row.Sale.PerBuyerLimit}.");
        }
    }

    private void CheckStock(SaleTruth sale)
    {
        var stock = sale.Row.Stock;
        if (sale.Reserved + sale.Sold > sale.Row.Sale.Quantity)
        {
            auditor.Break(
                "I1 never oversold",
                $"{sale.Reserved} reserved and {sale.Sold} sold of {sale.Row.Sale.Quantity} of {sale.Row.Sale.Id}.");
        }

        if (!stock.LawHolds || stock.Reserved != sale.Reserved || stock.Sold != sale.Sold
            || stock.Quantity != sale.Row.Sale.Quantity)
        {
            auditor.Break(
                "quantity = available + reserved + sold",
                $"{stock}, and the orders add up to {sale.Reserved} reserved and {sale.Sold} sold.");
        }
    }

    private void BreakState(string what) => auditor.Break("I4 one truthful state", what);

    private static int In(Order? order, OrderStatus status) => order?.Status == status ? order.Quantity : 0;

    private static int Holds(Order? order) => In(order, OrderStatus.Reserved) + In(order, OrderStatus.Paid);
}

/// <summary>One sale as it was committed.</summary>
internal sealed class SaleTruth(DurableSale row)
{
    private readonly Dictionary<BuyerId, BuyerTruth> _buyers = [];
    private bool _wasEmpty;

    public DurableSale Row => row;

    /// <summary>Units there were at its creation.</summary>
    public int FirstQuantity { get; } = row.Sale.Quantity;

    public List<OrderTruth> Orders { get; } = [];

    public long SeenVersion { get; set; } = -1;

    public long SeenEpoch { get; set; } = 1;

    /// <summary>When that one was seen first.</summary>
    public long EpochSince { get; set; }

    public long Reserved { get; set; }

    public long Sold { get; set; }

    /// <summary>Units of all orders there ever were, those that ended included.</summary>
    public long EverTaken { get; set; }

    /// <summary>When nothing was left for the last time.</summary>
    public long LastEmptyAt { get; private set; }

    /// <summary>Whether nothing is left now.</summary>
    public bool IsEmpty => _wasEmpty;

    /// <summary>Units that there were when it was looked at last.</summary>
    public int Quantity { get; private set; } = row.Sale.Quantity;

    /// <summary>Whether it was paused or closed when it was looked at last.</summary>
    public bool IsShut { get; private set; }

    /// <summary>The payment window when it was looked at last.</summary>
    public TimeSpan Window { get; private set; } = row.Sale.PaymentWindow;

    public bool WasPaused { get; private set; }

    public bool WasClosed { get; private set; }

    /// <summary>Whether it ever was closed for good.</summary>
    public bool WasClosedForGood { get; private set; }

    /// <summary>Remembers what must have been for a refusal to be true.</summary>
    public void Note(long now)
    {
        // Until this moment it was as it was before.
        LastEmptyAt = _wasEmpty ? now : LastEmptyAt;
        var available = row.Sale.Quantity - Reserved - Sold;
        _wasEmpty = available <= 0;
        Quantity = row.Sale.Quantity;
        IsShut = row.Sale.Mode != SaleMode.Active;
        Window = row.Sale.PaymentWindow;
        WasPaused |= row.Sale.Mode == SaleMode.Paused;
        WasClosedForGood |= row.Sale.Mode == SaleMode.Closed;
        WasClosed |= WasClosedForGood || row.Sale.ClosesAt is not null;
    }

    public BuyerTruth BuyerOf(BuyerId buyer) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_buyers, buyer, out _) ??= new BuyerTruth();
}

/// <summary>What one buyer has of a sale.</summary>
internal sealed class BuyerTruth
{
    public int Held { get; set; }

    /// <summary>Units of all orders there ever were.</summary>
    public int EverTaken { get; set; }

    public int Orders { get; set; }
}

/// <summary>One order as it was committed, with all that it was.</summary>
internal sealed class OrderTruth(SaleTruth sale, Order row, long step)
{
    public SaleTruth Sale => sale;

    public Order Row { get; set; } = row;

    /// <summary>The step that committed it.</summary>
    public long BornAt => step;

    /// <summary>When it was changed last.</summary>
    public long ChangedAt { get; set; }

    public List<(int Revision, OrderStatus Status, long Step)> History { get; } = [(row.Revision, row.Status, step)];

    /// <summary>Whether it ever was so; a state within one transaction is seen by nobody but its commands.</summary>
    public bool WasEver(int revision, OrderStatus status)
    {
        if (revision > Row.Revision)
        {
            return false;
        }

        foreach (var (known, was, _) in History)
        {
            if (known == revision)
            {
                return was == status;
            }
        }

        return status == OrderStatus.Expired;
    }

    /// <summary>Whether it was in this state at some time.</summary>
    public bool WasEver(OrderStatus status) => History.Exists(entry => entry.Status == status);
}
