using Doorbuster.Fulfilment;
using Doorbuster.Notification;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Sees to admitted claims that could not be written: an operator looks at them and has them tried again, and what has
/// waited for too long is given up, so that its buyer is told (I4, F09).
/// </summary>
/// <param name="letters">Where they are.</param>
/// <param name="ledger">Where they are tried again.</param>
/// <param name="patience">How long one may wait before it is given up.</param>
/// <param name="clock">The time.</param>
/// <param name="notifier">Told of what becomes of them; nobody where null.</param>
public sealed class DeadLetterDesk(
    IDeadLetters letters, IFulfilmentLedger ledger, TimeSpan patience, TimeProvider clock,
    INotifier? notifier = null)
{
    /// <summary>How long a dead letter waits unless a setting says otherwise.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(10);

    private const int AtOnce = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Dead letters in ascending order of id; see <see cref="IDeadLetters.ListAsync"/>.</summary>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(
        DeadLetterId? after, int most, CancellationToken cancellationToken) =>
        letters.ListAsync(after, most, cancellationToken);

    /// <summary>Tries a dead letter again. Twice is once.</summary>
    /// <returns>What became of it; null where there is no such dead letter.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: trying again tells.</exception>
    public async ValueTask<ReplayAnswer?> ReplayAsync(DeadLetterId id, CancellationToken cancellationToken)
    {
        if (await letters.FindLetterAsync(id, cancellationToken) is not { } letter)
        {
            return null;
        }

        try
        {
            var orders = await ledger.FulfilAsync([letter.Entry], cancellationToken);
            notifier?.OrdersChanged(orders);
            return new ReplayAnswer(orders is [var order] ? order : null);
        }
        catch (BadClaimException fault)
        {
            return new ReplayAnswer(null, fault.Message);
        }
    }

    /// <summary>Gives up, until it is cancelled, what has waited for too long.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            try
            {
                await GiveUpAsync(cancellationToken);
            }
            catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
            {
                // What is overdue is found again.
            }
        }
    }

    /// <summary>Gives up once what has waited for too long.</summary>
    /// <exception cref="StoreUnavailableException">Some are left.</exception>
    /// <exception cref="OutcomeUnknownException">Some are left.</exception>
    public async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - patience;
        while (await letters.OverdueAsync(before, AtOnce, cancellationToken) is { Count: > 0 } overdue)
        {
            foreach (var id in overdue)
            {
                if (await letters.RejectAsync(id, cancellationToken) is { } order)
                {
                    notifier?.OrdersChanged([order]);
                }
            }
        }
    }
}

/// <summary>What became of a dead letter that was tried again.</summary>
/// <param name="Order">The order that stands for it now; null where none does.</param>
/// <param name="Reason">Why it still cannot be written; null where it is no dead letter any more.</param>
public sealed record ReplayAnswer(Order? Order, string? Reason = null);
