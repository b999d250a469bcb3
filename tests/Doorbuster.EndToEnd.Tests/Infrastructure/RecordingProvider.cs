using System.Collections.Concurrent;
using Doorbuster.Payments;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>A payment provider of the program that hosts Doorbuster: it remembers what it was asked.</summary>
internal sealed class RecordingProvider : IPaymentProvider
{
    private readonly ConcurrentQueue<(string Payment, Money Amount)> _refunds = [];
    private int _failures;

    /// <summary>Every refund that it was asked for and did not fail, in order.</summary>
    public IReadOnlyList<(string Payment, Money Amount)> Refunds => [.. _refunds];

    /// <summary>What it answers to a refund.</summary>
    public RefundReceipt Receipt { get; set; } = RefundReceipt.Refunded;

    /// <summary>How many of the next calls fail.</summary>
    public int Failures
    {
        get => Volatile.Read(ref _failures);
        set => Volatile.Write(ref _failures, value);
    }

    public ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken)
    {
        Fail();
        return ValueTask.FromResult(new Uri($"https://pay.example/{payment.Id}"));
    }

    public ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        Fail();
        _refunds.Enqueue((payment.Id.ToString(), payment.Amount));
        return ValueTask.FromResult(Receipt);
    }

    private void Fail()
    {
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new PaymentProviderException("It is to fail now.");
        }

        Interlocked.Increment(ref _failures);
    }
}
