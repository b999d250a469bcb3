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
    private async ValueTask<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        world.Post(static state => ((Action)state!)(), (Action)(() => _ = CopyAsync(call, answer)));
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private static async Task CopyAsync<T>(Func<Task<T>> call, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.SetResult(await call());
        }
        catch (Exception fault)
        {
            answer.SetException(fault);
        }
    }
}
