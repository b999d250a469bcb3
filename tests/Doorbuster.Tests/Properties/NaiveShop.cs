namespace Doorbuster.Tests.Properties;

/// <summary>
/// A shop with one sale as anyone would write it down first: two dictionaries and a number of seconds. It shares
/// nothing with the engine but the words; orders and payments are named by their plain text.
/// </summary>
internal sealed class NaiveShop(LifeTerms terms)
{
    /// <summary>Orders that are kept of one buyer.</summary>
    public const int OrdersPerBuyer = 3;

    private readonly Dictionary<OrderRef, NaiveOrder> _orders = [];
    private readonly Dictionary<string, NaivePayment> _payments = [];
    private readonly Dictionary<int, int> _replenished = [];
    private string _mode = "Active";
    private double _opening = Seconds(terms.Opening);
    private double? _closing = terms.Closing is { } at ? Seconds(at) + Late : null;
    private int _price = terms.Price;
    private int _limit = terms.Limit;
    private double _window = Seconds(terms.Window) + Late;

    /// <summary>What ends by time ends between a step and the look after it, never at the moment of a step.</summary>
    public const double Late = 1.3;

    public double Now { get; set; }

    public int Quantity { get; private set; } = terms.Quantity;

    public int Reserved => Units("Reserved");

    public int Sold => Units("Paid");

    public int Available => Quantity - Reserved - Sold;

    public IReadOnlyDictionary<OrderRef, NaiveOrder> Orders => _orders;

    public IReadOnlyDictionary<string, NaivePayment> Payments => _payments;

    /// <summary>Left out, to see that a model which differs is found.</summary>
    public bool ForgetsExpiry { get; init; }

    public static double Seconds(int ticks) => 2.0 * ticks;

    public string Claim(OrderRef name, int units)
    {
        if (_orders.TryGetValue(name, out var standing))
        {
            return standing.Units == units ? "Replayed" : "KeyReused";
        }

        var mine = _orders.Where(order => order.Key.Buyer == name.Buyer).Select(order => order.Value).ToList();
        var refused = Now < _opening && _mode != "Closed" ? "NotOpen"
            : _mode == "Paused" ? "Paused"
            : _mode == "Closed" || Now >= _closing ? "Closed"
            : mine.Count >= OrdersPerBuyer || Held(mine) + units > _limit ? "BuyerLimit"
            : Available == 0 ? "SoldOut"
            : Available < units ? "Insufficient"
            : null;
        if (refused is null)
        {
            _orders.Add(name, new NaiveOrder(units, units * _price, Now + _window));
        }

        return refused ?? "Admitted";
    }

    public string Cancel(OrderRef name)
    {
        if (!_orders.TryGetValue(name, out var order))
        {
            return "Unknown";
        }

        if (order.Status == "Reserved")
        {
            order.Status = "Cancelled";
            return "Done";
        }

        return order.Status == "Cancelled" ? "Stands" : "Refused";
    }

    /// <summary>What the buyer who asks to pay is told; a new payment gets whatever name the engine gave it.</summary>
    public string Pay(OrderRef name, string? given)
    {
        if (!_orders.TryGetValue(name, out var order))
        {
            return "Unknown";
        }

        if (order.Status != "Reserved")
        {
            return "Refused";
        }

        if (_payments.Any(payment => payment.Value.Of == name && payment.Value.State == "Created"))
        {
            return _payments[given!].Of == name && _payments[given!].State == "Created" ? "Stands" : "another payment";
        }

        _payments.Add(given!, new NaivePayment(name, order.Cost, "Created"));
        return "Done";
    }

    /// <summary>Money comes; where it comes late, <see cref="SettleLateMoney"/> says what becomes of it.</summary>
    public void Capture(string payment, OrderRef? owner, OrderRef name, int amount)
    {
        var known = _payments.GetValueOrDefault(payment);
        if (known is { State: "Captured" or "RefundDue" or "Refunded" })
        {
            return;
        }

        var isMeant = (known is null || known.Of == name) && (owner is null || owner == name);
        known ??= _payments[payment] = new NaivePayment(name, amount, "Created");
        known.Amount = amount;
        var order = isMeant ? _orders.GetValueOrDefault(name) : null;
        var reason = order is null ? "OrderUnknown"
            : order.Cost != amount ? "AmountDiffers"
            : order.Status switch { "Paid" => "AlreadyPaid", "Cancelled" => "OrderCancelled", _ => null };
        if (reason is not null)
        {
            GiveBack(payment, known, reason);
            return;
        }

        known.State = "Captured";
        known.IsLate = order!.Status == "Expired";
        order.Status = known.IsLate ? order.Status : "Paid";
    }

    /// <summary>
    /// Late money has its order's units again where there are any and the buyer may have them. Of two that ask for the
    /// same order one is as good as the other: the engine chooses.
    /// </summary>
    public void SettleLateMoney(Func<string, bool> isChosen)
    {
        foreach (var (id, payment) in _payments.Where(p => p.Value.IsLate).OrderBy(p => isChosen(p.Key) ? 0 : 1))
        {
            var order = _orders[payment.Of];
            var mine = _orders.Where(o => o.Key.Buyer == payment.Of.Buyer).Select(o => o.Value).ToList();
            var reason = order.Status == "Paid" ? "AlreadyPaid"
                : Held(mine) + order.Units > _limit ? "BuyerLimit"
                : Available < order.Units ? "NoUnitsLeft"
                : null;
            payment.IsLate = false;
            if (reason is null)
            {
                (order.Status, order.WasRevived) = ("Paid", true);
            }
            else
            {
                GiveBack(id, payment, reason);
            }
        }
    }

    public void Fail(string payment)
    {
        if (_payments.GetValueOrDefault(payment) is { State: "Created" } open)
        {
            open.State = "Failed";
        }
    }

    public void NoteRefund(string payment)
    {
        if (_payments.GetValueOrDefault(payment) is { State: "RefundDue" } due)
        {
            due.State = "Refunded";
        }
    }

    public void PassTo(double now)
    {
        Now = now;
        _mode = now >= _closing ? "Closed" : _mode;
        foreach (var order in _orders.Values.Where(order => order.Status == "Reserved" && order.Expires <= now))
        {
            order.Status = ForgetsExpiry ? order.Status : "Expired";
        }
    }

    public string Turn(string to) => _mode == to ? "Stands" : _mode == "Closed" ? "Closed" : Done(() => _mode = to);

    public string Replenish(int units, int request) =>
        _replenished.TryGetValue(request, out var added) ? added == units ? "Stands" : "RequestReused"
        : _mode == "Closed" ? "Closed"
        : Done(() =>
        {
            _replenished[request] = units;
            Quantity += units;
        });

    public string Edit(Term term, int value, bool isStale)
    {
        var (touchesClaims, isSame) = term switch
        {
            Term.Price => (true, _price == value),
            Term.Limit => (true, _limit == value),
            Term.Opening => (true, _opening == Seconds(value)),
            Term.Closing => (false, _closing == ClosingAfter(value)),
            _ => (false, _window == Seconds(value) + Late),
        };
        return isStale ? "RevisionDiffers"
            : _mode == "Closed" ? "Closed"
            : isSame ? "Stands"
            : touchesClaims && Now >= _opening ? "NotScheduled"
            : Done(() => Set(term, value));
    }

    /// <summary>A closing time that lies ahead.</summary>
    public double ClosingAfter(int value) => Now + Seconds(10 * value) + Late;

    /// <summary>Whether a provider takes its time with a refund, and tells of it later.</summary>
    public static bool IsSlow(string payment) => payment.EndsWith('2') || payment == "theirs-1";

    private void Set(Term term, int value)
    {
        switch (term)
        {
            case Term.Price:
                _price = value;
                break;
            case Term.Limit:
                _limit = value;
                break;
            case Term.Opening:
                _opening = Seconds(value);
                break;
            case Term.Closing:
                _closing = ClosingAfter(value);
                break;
            default:
                _window = Seconds(value) + Late;
                break;
        }
    }

    private static void GiveBack(string id, NaivePayment payment, string reason)
    {
        payment.State = IsSlow(id) ? "RefundDue" : "Refunded";
        payment.Reason = reason;
    }

    private static string Done(Action change)
    {
        change();
        return "Done";
    }

    private static int Held(IEnumerable<NaiveOrder> orders) =>
        orders.Where(order => order.Status is "Reserved" or "Paid").Sum(order => order.Units);

    private int Units(string status) => _orders.Values.Where(order => order.Status == status).Sum(o => o.Units);
}

/// <summary>An order in the naive shop.</summary>
internal sealed class NaiveOrder(int units, int cost, double expires)
{
    public int Units { get; } = units;

    public int Cost { get; } = cost;

    public double Expires { get; } = expires;

    public string Status { get; set; } = "Reserved";

    /// <summary>Whether late money had its units again.</summary>
    public bool WasRevived { get; set; }
}

/// <summary>A payment in the naive shop.</summary>
internal sealed class NaivePayment(OrderRef of, int amount, string state)
{
    public OrderRef Of { get; } = of;

    public int Amount { get; set; } = amount;

    public string State { get; set; } = state;

    public string? Reason { get; set; }

    /// <summary>Whether it asks for the units of an order that has expired.</summary>
    public bool IsLate { get; set; }
}
