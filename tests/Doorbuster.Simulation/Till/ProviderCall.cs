using Doorbuster.Payments;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Till;

/// <summary>A node's way to the payment provider, which lives on when the node dies.</summary>
internal sealed class ProviderCall(Provider provider, Realm world) : IPaymentProvider
{
    /// <inheritdoc/>
    public ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken) =>
        AskAsync(() => provider.CheckoutAsync(payment.Id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken) =>
        AskAsync(() => provider.RefundAsync(payment), cancellationToken);

    /// <summary>Has the provider do its part in the world's realm; what it tells comes back to the node's.</summary>
    private ValueTask<T> AskAsync<T>(Func<Task<Said<T>>> call, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        world.Post(static state => ((Action)state!)(), (Action)(() => _ = CopyAsync(call, answer)));
        return new ValueTask<T>(answer.Task.WaitAsync(cancellationToken));
    }

    private static async Task CopyAsync<T>(Func<Task<Said<T>>> call, TaskCompletionSource<T> answer)
    {
        try
        {
            var said = await call();
            if (said.Fault is { } fault)
            {
                answer.SetException(new PaymentProviderException(fault));
            }
            else
            {
                answer.SetResult(said.Answer!);
            }
        }
        catch (Exception fault)
        {
            answer.SetException(fault);
        }
    }
}
