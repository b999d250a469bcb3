using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Payments;

/// <summary>A sale with an order each of anna and bert, and its settlement, on one thread.</summary>
internal sealed class Till : IPaymentProvider, INotifier
{
    private readonly InMemoryStore _store = new();
    private readonly Sale _sale = Samples.Sale(quantity: 2);
    private readonly InMemoryGate _gate;
    private readonly Lanes _lanes;
    private readonly OrderQueue _queue;
    private readonly SaleOffice _office;
    private readonly Settlement _settlement;

    private Till(VirtualTimeProvider clock)
    {
        Clock = clock;
        var limits = new Limits();
        var catalog = new Catalog();
        Ledger = new FaultyLedger(_store);
        _gate = new InMemoryGate(Ledger, clock, limits.OrdersPerBuyer);
        _lanes = new Lanes(_gate, limits, 1, clock);
        _queue = new OrderQueue(
            new FaultyOrderStore(_store, () => ValueTask.FromResult(Written)),
            new Aftermath(_gate, catalog, notifier: null), limits, clock);
        Desk = new OrderDesk(_queue, this, clock);
        _office = new SaleOffice(_store, _gate, catalog, limits, clock);
        _settlement = new Settlement(
            _store, _store, catalog, _lanes, Desk, this, notifier: this, clock);
    }

    public VirtualTimeProvider Clock { get; }

    /// <summary>Where the gate commits.</summary>
    public FaultyLedger Ledger { get; }

    /// <summary>Where buyers pay.</summary>
    public OrderDesk Desk { get; }

    /// <summary>What becomes of what is written about orders and payments.</summary>
    public CommitFault Written { get; set; }

    /// <summary>What becomes of a payment that is opened with the provider.</summary>
    public Func<Payment, Task<Uri>> Checkout { get; set; } =
        _ => throw new PaymentProviderException("Nobody pays here.");

    /// <summary>What becomes of a refund.</summary>
    public Func<Payment, Task<RefundReceipt>> Refund { get; set; } = _ => Task.FromResult(RefundReceipt.Refunded);

    /// <summary>Orders that buyers were told of by the settlement.</summary>
    public List<Order> Told { get; } = [];

    /// <summary>How many refunds were asked for.</summary>
    public int Asked { get; private set; }

    public static void Run(Func<Till, Task> test)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        new SeededScheduler(1, clock).Run(() => new Till(clock).LiveAsync(test));
    }

    public async Task<PaymentId> TakeAsync(string buyer, Money? amount = null)
    {
        var order = await FindAsync(buyer);
        var payment = PaymentId.Of(order.Id, 1);
        await _queue.DoAsync(new OrderCommand.Capture(payment, $"{order.Id}", amount ?? order.Amount));
        return payment;
    }

    public async Task ExpireAsync(string buyer)
    {
        var order = await FindAsync(buyer);
        await Task.Delay(order.ExpiresAt - Clock.GetUtcNow(), Clock);
        await _queue.DoAsync(new OrderCommand.Expire(order.Id));
    }

    public async Task<Order> FindAsync(string buyer) =>
        (await _store.FindAsync([Samples.Claim(_sale, buyer).Order], CancellationToken.None))[0];

    public Task<AuditReport?> AuditAsync() =>
        new Auditor(_store, _gate, Clock, TimeSpan.FromSeconds(1)).AuditAsync(_sale.Id, CancellationToken.None);

    public void OrdersChanged(IReadOnlyList<Order> orders) => Told.AddRange(orders);

    public void SaleChanged(Listing listing)
    {
        // Nobody changes it here.
    }

    public PaymentState StateOf(PaymentId payment) => _store.Payments.Single(known => known.Id == payment).State;

    public async ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken) =>
        await Checkout(payment);

    public async ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        Asked++;
        return await Refund(payment);
    }

    private async Task LiveAsync(Func<Till, Task> test)
    {
        using var end = new CancellationTokenSource();
        await _office.CreateAsync(_sale, CancellationToken.None);
        await _gate.ClaimAsync(
            [Samples.Batch(_sale, Samples.Claim(_sale, "anna"), Samples.Claim(_sale, "bert"))], CancellationToken.None);
        var running = Task.WhenAll(_lanes.RunAsync(CancellationToken.None), _queue.RunAsync(CancellationToken.None));
        var settling = _settlement.RunAsync(end.Token);
        await test(this);
        end.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => settling);
        _lanes.Complete();
        _queue.Complete();
        await running;
    }
}
