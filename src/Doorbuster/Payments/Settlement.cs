using System.Collections.Concurrent;
using Doorbuster.Claims;
using Doorbuster.Notification;
using Doorbuster.Orders;

namespace Doorbuster.Payments;

/// <summary>
/// Brings money and orders together after the fact: late money asks the gate for its order's units, and what cannot
/// have them goes back. It reads what is to be done from the store, so that a restart forgets nothing.
/// </summary>
/// <remarks>
/// Every step may be done twice: a revival is a claim under its order's own id and turn, a refund carries the payment's
/// id, and both are written by compare-and-set. Tests: <c>SettlementTests</c>, <c>F11_*</c>.
/// </remarks>
/// <param name="store">Knows what is not settled.</param>
/// <param name="ledger">Where orders are read.</param>
/// <param name="catalog">Where sales are found.</param>
/// <param name="lanes">Where revivals ask for units, like any claim.</param>
/// <param name="desk">Where decisions are written.</param>
/// <param name="provider">Gives money back; null where the shop has none.</param>
/// <param name="notifier">Tells buyers; nobody where null.</param>
/// <param name="clock">The time.</param>
/// <param name="shared">The gate that nodes share; null where this node has its own.</param>
public sealed class Settlement(
    IOrderStore store,
    Fulfilment.ILedger ledger,
    Catalog catalog,
    Lanes lanes,
    OrderDesk desk,
    IPaymentProvider? provider,
    INotifier? notifier,
    TimeProvider clock,
    ISharedGate? shared = null)
{
    /// <summary>Payments read at once.</summary>
    private const int PageSize = 256;

    /// <summary>Refunds asked for at once.</summary>
    private const int Together = 16;

    /// <summary>The time between two passes, and the least before one that failed is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>A buyer who has paid late waits for the order, and asking our own gate again costs little.</summary>
    private static readonly TimeSpan LongestWaitForUnits = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<PaymentId, (int Failures, long Since, TimeSpan Wait)> _postponed = new();

    /// <summary>
    /// Orders that late money has revived, or may have, whose buyers are still to be told: the store forgets a payment
    /// that is decided, and reading the order may fail.
    /// </summary>
    private readonly List<OrderId> _untold = [];

    /// <summary>Told of each fault of the provider; the payment is tried again.</summary>
    public event Action<Payment, Exception>? Failed;

    /// <summary>
    /// Settles on and on until it is cancelled. Late money goes its own way: a provider that is slow to give money back
    /// does not hold it up.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(
            RunAsync(payment => payment.Reviving is not null, stop),
            RunAsync(payment => payment.Reviving is null, stop));
    }

    /// <summary>Settles one kind of payments. A fault stops the other kind too, so that it comes out.</summary>
    private async Task RunAsync(Func<Payment, bool> isOurs, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await PassAsync(isOurs, stop.Token);
                await Task.Delay(Pause, clock, stop.Token);
            }
        }
        finally
        {
            stop.Cancel();
        }
    }

    /// <summary>Looks once at everything of a kind that is not settled.</summary>
    private async Task PassAsync(Func<Payment, bool> isOurs, CancellationToken cancellationToken)
    {
        var found = new HashSet<PaymentId>();
        try
        {
            await TellAsync(cancellationToken);
            long place = 0;
            while (await store.UnsettledAsync(place, PageSize, cancellationToken) is { Count: > 0 } page)
            {
                found.UnionWith(page.Select(entry => entry.Payment.Id));
                await SettleAsync(page.Select(entry => entry.Payment).Where(isOurs), cancellationToken);
                place = page[^1].Place;
            }
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            // What is not settled is found again by the next pass.
            return;
        }

        foreach (var (settled, _) in _postponed.Where(entry => !found.Contains(entry.Key)))
        {
            _postponed.TryRemove(settled, out _);
        }
    }

    private async Task SettleAsync(IEnumerable<Payment> payments, CancellationToken cancellationToken)
    {
        foreach (var together in payments.Where(IsDue).Chunk(Together))
        {
            await Task.WhenAll(together.Select(payment => SettleAsync(payment, cancellationToken)));
        }
    }

    /// <summary>By time that passed: a clock that is set back must not keep anybody's money waiting.</summary>
    private bool IsDue(Payment payment) =>
        !_postponed.TryGetValue(payment.Id, out var postponed)
        || clock.GetElapsedTime(postponed.Since) >= postponed.Wait;

    private async Task SettleAsync(Payment payment, CancellationToken cancellationToken)
    {
        try
        {
            var isSettled = payment.Reviving is { } turn
                ? await ReviveAsync(payment, turn, cancellationToken)
                : await RefundAsync(payment, cancellationToken);
            if (isSettled)
            {
                _postponed.TryRemove(payment.Id, out _);
            }
            else
            {
                Postpone(payment);
            }
        }
        catch (Exception fault) when (fault is PaymentProviderException)
        {
            Postpone(payment);
            Failed?.Invoke(payment, fault);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            // The provider may have done its part, which cannot be written now: it is not to be asked at every pass.
            Postpone(payment);
        }
    }

    private async Task<bool> ReviveAsync(Payment payment, int turn, CancellationToken cancellationToken)
    {
        if (!OrderId.TryParse(payment.OrderId, out var id)
            || !catalog.TryFind(id.Sale.ToString(), out var listing)
            || await ledger.FindAsync([id], cancellationToken) is not [var order])
        {
            return false;
        }

        if (order.Status == OrderStatus.Paid)
        {
            await RefuseAsync(payment, RefundReason.AlreadyPaid, cancellationToken);
            return true;
        }

        var claim = new Claim(id, order.Buyer, order.Quantity, Revival: new Revival(payment.Id, turn));
        var answer = await lanes.Of(id.Sale).ClaimAsync(listing, claim);
        switch (answer.Outcome)
        {
            case Outcome.Admitted:
                ToBeTold(id);
                await TellAsync(cancellationToken);
                return true;
            case Outcome.BuyerLimit:
                await RefuseAsync(payment, RefundReason.BuyerLimit, cancellationToken);
                return true;
            case Outcome.SoldOut or Outcome.Insufficient:
                await RefuseAsync(payment, RefundReason.NoUnitsLeft, cancellationToken);
                return true;
            case Outcome.Replayed when await WasPassedOverAsync(order, turn, cancellationToken):
                await desk.DoAsync(new OrderCommand.AskAgain(payment.Id, turn), cancellationToken);
                return false;
            default:
                // Busy, or the outcome is not known, or the order was just paid: the next pass finds out.
                ToBeTold(id);
                return false;
        }
    }

    /// <summary>
    /// Whether the gate holds nothing for an order, and had something under this turn or a later one: that was another
    /// payment's, which was refused, and this one would be a replay of it for ever (I5).
    /// </summary>
    private async ValueTask<bool> WasPassedOverAsync(Order order, int turn, CancellationToken cancellationToken) =>
        shared is not null
        && await shared.TryHeldByAsync(order.Id.Sale, order.Buyer, cancellationToken) is { } held
        && held.Orders.Any(one => one.Key == order.Id.Key && one.Quantity == 0 && one.Turn >= turn);

    private void ToBeTold(OrderId order)
    {
        lock (_untold)
        {
            if (!_untold.Contains(order))
            {
                _untold.Add(order);
            }
        }
    }

    /// <summary>Tells buyers of orders that were revived; what cannot be read now is told by the next pass.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        OrderId[] untold;
        lock (_untold)
        {
            untold = [.. _untold];
        }

        if (untold.Length == 0)
        {
            return;
        }

        var orders = await ledger.FindAsync(untold, cancellationToken);
        notifier?.OrdersChanged(orders);
        lock (_untold)
        {
            // What has not been revived yet is asked for again, and noted again then.
            _untold.RemoveAll(untold.Contains);
        }
    }

    private Task<OrderAnswer> RefuseAsync(Payment payment, RefundReason reason, CancellationToken cancellationToken) =>
        desk.DoAsync(new OrderCommand.RefuseRevival(payment.Id, reason), cancellationToken);

    private async Task<bool> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        if (provider is null || await AskAsync(provider, payment, cancellationToken) == RefundReceipt.Accepted)
        {
            return false;
        }

        await desk.DoAsync(new OrderCommand.NoteRefund(payment.Id), cancellationToken);
        return true;
    }

    private ValueTask<RefundReceipt> AskAsync(
        IPaymentProvider asked, Payment payment, CancellationToken cancellationToken) =>
        ProviderCall.AskAsync(end => asked.RefundAsync(payment, end), clock, cancellationToken);

    /// <summary>Waits twice as long after each time that it could not be settled.</summary>
    private void Postpone(Payment payment)
    {
        var failures = _postponed.GetValueOrDefault(payment.Id).Failures + 1;
        var wait = Pause * Math.Pow(2, Math.Min(failures, 12));
        var longest = payment.Reviving is null ? LongestWait : LongestWaitForUnits;
        _postponed[payment.Id] = (failures, clock.GetTimestamp(), wait < longest ? wait : longest);
    }
}
