using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Properties;

/// <summary>
/// The production engine, a whole <see cref="Node"/> over the reference store, beside the naive shop: both are given
/// every step of a history, and must show the same stock, orders and money after each.
/// </summary>
/// <remarks>
/// A step is done at a full tick; then the loops run until shortly before the next, and windows end on the way. So
/// everything has come to rest when the two are compared, and nothing ends at the moment of a step: what happens at the
/// same instant is what the seeded worlds try.
/// </remarks>
internal sealed class LifeShop : IPaymentProvider
{
    private static readonly TimeSpan ToRest = TimeSpan.FromSeconds(1.9);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new();
    private readonly Dictionary<OrderId, OrderRef> _refs = [];
    private readonly HashSet<string> _givenBack = [];
    private readonly List<string> _told = [];
    private readonly LifeHistory _history;
    private readonly NaiveShop _naive;
    private readonly Sale _sale;
    private readonly OrderIdMint _mint;
    private Node _node;
    private Task _running = Task.CompletedTask;

    private LifeShop(LifeHistory history, NaiveShop naive)
    {
        var terms = history.Terms;
        _history = history;
        _naive = naive;
        _sale = Samples.Sale("life", terms.Quantity, terms.Limit) with
        {
            Price = Euros(terms.Price),
            OpensAt = At(NaiveShop.Seconds(terms.Opening)),
            ClosesAt = terms.Closing is { } at ? At(NaiveShop.Seconds(at) + NaiveShop.Late) : null,
            PaymentWindow = TimeSpan.FromSeconds(NaiveShop.Seconds(terms.Window) + NaiveShop.Late),
        };
        _mint = new OrderIdMint(_sale.Id, _sale.OrderIdKey.Span);
        _node = NewNode();
    }

    /// <summary>Plays a history; a difference between engine and naive shop throws.</summary>
    /// <returns>What everyone was told, a word a step, and the naive shop at the end.</returns>
    public static (IReadOnlyList<string> Told, NaiveShop End) Play(LifeHistory history, bool forgetsExpiry = false)
    {
        var naive = new NaiveShop(history.Terms) { ForgetsExpiry = forgetsExpiry };
        var shop = new LifeShop(history, naive);
        new SeededScheduler(history.Seed, shop._clock).Run(shop.LiveAsync);
        return (shop._told, naive);
    }

    public ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new Uri($"https://pay.example/{payment.Id}"));

    public ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        var name = Name(payment.Id);
        Assert.True(payment.State == PaymentState.RefundDue, $"{name} is {payment.State}, and is to be given back.");
        if (NaiveShop.IsSlow(name))
        {
            return ValueTask.FromResult(RefundReceipt.Accepted);
        }

        Assert.True(_givenBack.Add(name), $"{name} is to be given back twice.");
        return ValueTask.FromResult(RefundReceipt.Refunded);
    }

    private async Task LiveAsync()
    {
        await _node.Office.CreateAsync(_sale, CancellationToken.None);
        _running = _node.RunAsync(CancellationToken.None);
        foreach (var step in _history.Steps)
        {
            _naive.PassTo((_clock.GetUtcNow() - Samples.Noon).TotalSeconds);
            var (engine, naive) = await DoAsync(step);
            Assert.True(engine == naive, $"{step}: the engine says {engine}, the naive shop {naive}.");
            _told.Add($"{step.GetType().Name} {engine}");
            var rest = ToRest + (step is LifeStep.Wait wait ? TimeSpan.FromSeconds(2 * wait.Ticks) : TimeSpan.Zero);
            await Task.Delay(rest, _clock);
            _naive.SettleLateMoney(IsKept);
            _naive.PassTo((_clock.GetUtcNow() - Samples.Noon).TotalSeconds);
            await CompareAsync(step);
            await Task.Delay(TimeSpan.FromSeconds(2) - ToRest, _clock);
        }

        _node.Complete();
        await _running;
    }

    /// <summary>Gives both a step.</summary>
    /// <returns>What each of them says to the one who asked.</returns>
    private async Task<(string Engine, string Naive)> DoAsync(LifeStep step)
    {
        switch (step)
        {
            case LifeStep.Claim claim:
                return (await ClaimAsync(claim), _naive.Claim(claim.Order, claim.Units));
            case LifeStep.Cancel cancel:
                return await ClickAsync(
                    cancel.IsTwice, () => TellAsync(new OrderCommand.Cancel(Id(cancel.Order))),
                    _ => _naive.Cancel(cancel.Order));
            case LifeStep.Pay pay:
                return await ClickAsync(
                    pay.IsTwice, () => PayAsync(pay.Order), told => _naive.Pay(pay.Order, told.Split(' ')[1]));
            case LifeStep.Money money:
                await TakeAsync(money.Payment, money.Order, money.IsRight);
                return ("", "");
            case LifeStep.TwoMoneys two:
                await Task.WhenAll(
                    TakeAsync(new PaymentRef(two.Order, 1), two.Order, isRight: true),
                    TakeAsync(new PaymentRef(two.Order, 2), two.Order, isRight: true));
                return ("", "");
            case LifeStep.Fail fail:
                await TellAsync(new OrderCommand.Fail(Id(fail.Payment)));
                _naive.Fail(Name(Id(fail.Payment)));
                return ("", "");
            case LifeStep.Refunded refunded:
                await TellAsync(new OrderCommand.NoteRefund(Id(refunded.Payment)));
                _naive.NoteRefund(Name(Id(refunded.Payment)));
                return ("", "");
            case LifeStep.Restart:
                await RestartAsync();
                return ("", "");
            case LifeStep.Wait:
                return ("", "");
            default:
                return await OperateAsync(step);
        }
    }

    private async Task<string> ClaimAsync(LifeStep.Claim claim)
    {
        Assert.True(_node.Catalog.TryFind("life", out var listing));
        var answer = await _node.Desk.ClaimAsync(
            listing, Buyer(claim.Order), Key(claim.Order), claim.Units, CancellationToken.None);
        Assert.True(answer.Order is null || answer.Order.Id == Id(claim.Order), $"{answer.Order} is another's order.");
        return $"{answer.Outcome}";
    }

    /// <summary>One click, or two at the same moment.</summary>
    private static async Task<(string Engine, string Naive)> ClickAsync(
        bool isTwice, Func<Task<string>> click, Func<string, string> naive)
    {
        var told = await Task.WhenAll(Enumerable.Range(0, isTwice ? 2 : 1).Select(_ => click()));
        return (
            string.Join(" and ", told.Select(words => words.Split(' ')[0])), string.Join(" and ", told.Select(naive)));
    }

    /// <returns>How it ended, and the name of the payment.</returns>
    private async Task<string> PayAsync(OrderRef order)
    {
        var answer = await _node.OrderDesk.PayAsync(Id(order), CancellationToken.None);
        return $"{answer.Outcome} {(answer.Payment is { } payment ? Name(payment.Id) : "")}";
    }

    private async Task<string> TellAsync(OrderCommand command) =>
        $"{(await _node.OrderDesk.DoAsync(command, CancellationToken.None)).Outcome}";

    /// <summary>The naive shop hears of it at the moment at which the engine takes its place in the queue.</summary>
    private Task TakeAsync(PaymentRef payment, OrderRef order, bool isRight)
    {
        var amount = (_naive.Orders.GetValueOrDefault(order)?.Cost ?? 1) + (isRight ? 0 : 1);
        _naive.Capture(Name(Id(payment)), payment.IsForeign ? null : payment.Order, order, amount);
        return TellAsync(new OrderCommand.Capture(Id(payment), $"{Id(order)}", Euros(amount)));
    }

    private async Task<(string Engine, string Naive)> OperateAsync(LifeStep step)
    {
        var sale = (await _store.FindAsync(_sale.Id, CancellationToken.None))!;
        var (change, naive) = step switch
        {
            LifeStep.Turn { To: SaleMode.Paused } => (new SaleChange.Pause(), _naive.Turn("Paused")),
            LifeStep.Turn { To: SaleMode.Active } => (new SaleChange.Resume(), _naive.Turn("Active")),
            LifeStep.Turn => ((SaleChange)new SaleChange.Close(), _naive.Turn("Closed")),
            LifeStep.Replenish more =>
                (new SaleChange.Replenish(more.Units, $"{more.Request}"), _naive.Replenish(more.Units, more.Request)),
            LifeStep.Edit edit => (
                new SaleChange.Edit(Edited(sale, edit), sale.Revision - (edit.IsStale ? 1 : 0)),
                _naive.Edit(edit.Term, edit.Value, edit.IsStale)),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No one does that."),
        };
        var answer = await _node.Office.ChangeAsync(_sale.Id, change, CancellationToken.None);
        return ($"{answer.Outcome}", naive);
    }

    private Sale Edited(Sale sale, LifeStep.Edit edit) => edit.Term switch
    {
        Term.Price => sale with { Price = Euros(edit.Value) },
        Term.Limit => sale with { PerBuyerLimit = edit.Value },
        Term.Opening => sale with { OpensAt = At(NaiveShop.Seconds(edit.Value)) },
        Term.Closing => sale with { ClosesAt = At(_naive.ClosingAfter(edit.Value)) },
        _ => sale with
        {
            PaymentWindow = TimeSpan.FromSeconds(NaiveShop.Seconds(edit.Value) + NaiveShop.Late),
        },
    };

    private async Task RestartAsync()
    {
        _node.Complete();
        await _running;
        _node = NewNode();
        await _node.Office.OpenAllAsync(CancellationToken.None);
        _running = _node.RunAsync(CancellationToken.None);
    }

    private async Task CompareAsync(LifeStep step)
    {
        var (orders, stock) = _store.Contents(_sale.Id);
        Assert.True(
            (stock.Quantity, stock.Available, stock.Reserved, stock.Sold)
                == (_naive.Quantity, _naive.Available, _naive.Reserved, _naive.Sold),
            $"After {step} the engine has {stock}, the naive shop {_naive.Quantity} = {_naive.Available} available"
            + $" + {_naive.Reserved} reserved + {_naive.Sold} sold.");
        Assert.Equal(
            Lines(_naive.Orders, order => $"{order.Status}, {order.Units} for {order.Cost}"),
            Lines(orders.ToDictionary(o => _refs[o.Id]), o => $"{o.Status}, {o.Quantity} for {o.Amount.Amount}"));
        Assert.Equal(
            Lines(_naive.Payments, payment => $"{payment.Amount} {payment.State} {payment.Reason}"),
            Lines(
                _store.Payments.ToDictionary(payment => Name(payment.Id)),
                payment => $"{payment.Amount.Amount} {payment.State} {payment.RefundReason}"));
        var report = await _node.Auditor.AuditAsync(_sale.Id, CancellationToken.None);
        Assert.True(report!.LawHolds, $"After {step}: {string.Join('\n', report.Differences)}");
        Assert.Equal(_naive.Available, report.GateAvailable);
    }

    private static IEnumerable<string> Lines<TKey, TValue>(
        IReadOnlyDictionary<TKey, TValue> all, Func<TValue, string> describe) =>
        all.Select(one => $"{one.Key}: {describe(one.Value)}").Order(StringComparer.Ordinal);

    private bool IsKept(string payment) =>
        _store.Payments.Any(known => Name(known.Id) == payment && known.State == PaymentState.Captured);

    private Node NewNode() => new(
        _store, _store, _store, this, new Limits { OrdersPerBuyer = NaiveShop.OrdersPerBuyer }, _clock);

    private OrderId Id(OrderRef order)
    {
        var id = _mint.Mint(Buyer(order), Key(order));
        _refs[id] = order;
        return id;
    }

    private PaymentId Id(PaymentRef payment)
    {
        if (!payment.IsForeign)
        {
            return PaymentId.Of(Id(payment.Order), payment.Attempt);
        }

        Assert.True(PaymentId.TryParse($"theirs-{payment.Order.Buyer}", out var id));
        return id;
    }

    private string Name(PaymentId id) => id.TryRead(out var order, out var attempt)
        ? $"{_refs[order].Buyer}/{_refs[order].Key}/{attempt}"
        : $"{id}";

    private static BuyerId Buyer(OrderRef order) => BuyerId.Parse($"buyer-{order.Buyer}");

    private static string Key(OrderRef order) => $"key-{order.Key}";

    private static Money Euros(int amount) => new(amount, "EUR");

    private static DateTimeOffset At(double seconds) => Samples.Noon.AddSeconds(seconds);
}
