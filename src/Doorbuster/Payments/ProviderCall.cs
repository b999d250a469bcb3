namespace Doorbuster.Payments;

/// <summary>A call to the payment provider that ends, however long its code takes and whatever it throws.</summary>
public static class ProviderCall
{
    /// <summary>How long the provider may take for one call; then it counts as not answered.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Asks, and waits only so long.</summary>
    /// <exception cref="PaymentProviderException">The provider did not do it, or nobody knows; ask again.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    internal static async ValueTask<T> AskAsync<T>(
        Func<CancellationToken, ValueTask<T>> ask, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Longest, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await ask(end.Token).AsTask().WaitAsync(end.Token);
        }
        catch (Exception fault) when (fault is not PaymentProviderException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new PaymentProviderException($"The payment provider did not answer: {fault.Message}", fault);
        }
    }
}
