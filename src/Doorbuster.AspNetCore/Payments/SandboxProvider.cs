using System.Collections.Concurrent;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Payments;
using Microsoft.Extensions.Logging;

namespace Doorbuster.AspNetCore.Payments;

/// <summary>
/// A payment provider that moves no money: its pages have a button to pay and one to decline, and what happens there it
/// reports as a real one does, by signed events over HTTP. What can go wrong at a provider goes wrong here on request.
/// </summary>
internal sealed class SandboxProvider : IPaymentProvider, IDisposable
{
    private readonly SandboxOptions _options;
    private readonly SandboxEvents _events;
    private readonly SandboxCourier _courier;
    private readonly ConcurrentDictionary<PaymentId, bool> _refunds = [];
    private string? _address;
    private int _calls;

    /// <summary>A sandbox that is not open yet.</summary>
    /// <param name="options">What it does to its events.</param>
    /// <param name="key">What seals its links; <see cref="KeyedHash.Size"/> bytes at least.</param>
    /// <param name="webhook">What signs its events.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Where event ids come from.</param>
    /// <param name="logger">Told of what could not be delivered.</param>
    public SandboxProvider(
        SandboxOptions options, ReadOnlySpan<byte> key, WebhookKeys webhook, TimeProvider clock, RandomSource random,
        ILogger logger)
    {
        _options = options;
        _events = new SandboxEvents(clock, random);
        _courier = new SandboxCourier(webhook, clock, options.MaxWaiting, logger);
        Links = new SandboxLinks(new KeyedHash(key));
    }

    /// <summary>Where its pages are.</summary>
    public SandboxLinks Links { get; }

    /// <summary>What it does where a payment says nothing else.</summary>
    public SandboxOptions Options => _options;

    /// <summary>Opens it; it delivers its events until it is disposed of.</summary>
    /// <param name="address">Where buyers and the sandbox reach this server, without a slash at its end.</param>
    public void Open(string address)
    {
        Volatile.Write(ref _address, address);
        _courier.Start(new Uri($"{address}/v1/payment-events"));
    }

    /// <summary>A buyer has paid or declined.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="plan">Which of the two, and what goes wrong.</param>
    /// <param name="events">How many events it is told with.</param>
    /// <returns>False where too many events wait; nothing has happened then.</returns>
    public bool TryEnd(SandboxPayment payment, SandboxPlan plan, out int events)
    {
        var told = _events.Of(payment, plan);
        events = told.Count;
        return _courier.TryAccept(told, plan);
    }

    /// <inheritdoc/>
    public ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken)
    {
        var path = Links.PathOf(new SandboxPayment(payment.Id, payment.OrderId, payment.Amount));
        return ValueTask.FromResult(new Uri(Address() + path));
    }

    /// <summary>
    /// Takes a refund on. It is reported by an event of its own, once at a time however often it is asked for; should
    /// that event be lost with the process, whoever waits for it asks again.
    /// </summary>
    public ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        Address();
        if (_refunds.TryAdd(payment.Id, true))
        {
            var plan = SandboxPlan.Of(_options, isPaid: true);
            var told = _events.OfRefund(new SandboxPayment(payment.Id, payment.OrderId, payment.Amount), plan);
            if (!_courier.TryAccept(told, plan, () => _refunds.TryRemove(payment.Id, out _)))
            {
                _refunds.TryRemove(payment.Id, out _);
                throw new PaymentProviderException("Too many of the sandbox's events wait to be delivered.");
            }
        }

        return ValueTask.FromResult(RefundReceipt.Accepted);
    }

    /// <inheritdoc/>
    public void Dispose() => _courier.Dispose();

    /// <summary>The server's address, unless the sandbox is not open, or its plan is that this call fails.</summary>
    private string Address() =>
        _options.FailEvery > 0 && Interlocked.Increment(ref _calls) % _options.FailEvery == 0
            ? throw new PaymentProviderException("The sandbox fails this call, as Doorbuster:Payments:Sandbox has it.")
            : Volatile.Read(ref _address) ?? throw new PaymentProviderException("The sandbox is not open yet.");
}
