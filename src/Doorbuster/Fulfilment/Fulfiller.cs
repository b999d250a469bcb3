using Doorbuster.Dispatch;
using Doorbuster.Notification;

namespace Doorbuster.Fulfilment;

/// <summary>
/// Sees to it that entries of the log stand in the order store. A fault that passes never splits a batch: it is given
/// again, whole, under the same ids. A bad claim is found by halving and becomes a dead letter; the rest is committed
/// (F09).
/// </summary>
/// <param name="ledger">The order store.</param>
/// <param name="clock">The time between two attempts.</param>
/// <param name="notifier">Told of the orders that came of the claims; nobody where null.</param>
/// <param name="lag">Told what is in its hands; nobody where null.</param>
public sealed class Fulfiller(
    IFulfilmentLedger ledger, TimeProvider clock, INotifier? notifier = null, Lag? lag = null)
{
    /// <summary>The time after which a store that could not write is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Raised for each claim that became a dead letter.</summary>
    public event Action<AdmittedBatch, BadClaimException>? Buried;

    /// <summary>
    /// Returns once each claim of the entries is an order, a rejection or a dead letter; only then may they be
    /// acknowledged. However long the store is away, it goes on.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was told to stop: the entries are to be given again.</exception>
    public async Task FulfilAsync(IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        var inHand = lag?.Take(entries);
        try
        {
            var orders = await UntilDoneAsync(() => ledger.FulfilAsync(entries, cancellationToken), cancellationToken);
            notifier?.OrdersChanged(orders);
        }
        catch (BadClaimException fault)
        {
            await SplitAsync(entries, fault, cancellationToken);
        }
        finally
        {
            lag?.Leave(inHand!.Value);
        }
    }

    private async Task SplitAsync(
        IReadOnlyList<AdmittedBatch> entries, BadClaimException fault, CancellationToken cancellationToken)
    {
        if (entries is [{ Claims.Count: 1 } bad])
        {
            await UntilDoneAsync(
                async () =>
                {
                    await ledger.BuryAsync(bad, fault.Message, cancellationToken);
                    return true;
                },
                cancellationToken);
            Buried?.Invoke(bad, fault);
            return;
        }

        var (first, second) = Halve(entries);
        await FulfilAsync(first, cancellationToken);
        await FulfilAsync(second, cancellationToken);
    }

    private async Task<T> UntilDoneAsync<T>(Func<ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>Two halves: of the entries, or of the claims of the only one.</summary>
    private static (IReadOnlyList<AdmittedBatch>, IReadOnlyList<AdmittedBatch>) Halve(
        IReadOnlyList<AdmittedBatch> entries)
    {
        if (entries is [var one])
        {
            var middle = one.Claims.Count / 2;
            return ([one with { Claims = [.. one.Claims.Take(middle)] }],
                [one with { Claims = [.. one.Claims.Skip(middle)] }]);
        }

        return ([.. entries.Take(entries.Count / 2)], [.. entries.Skip(entries.Count / 2)]);
    }
}
