using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Sees to admitted claims that could not be written: an operator looks at them and has them tried again, and what has
/// waited for too long is given up, so that its buyer is told (I4, F09).
/// </summary>
/// <param name="letters">Where they are.</param>
/// <param name="patience">How long one may wait before it is given up.</param>
/// <param name="clock">The time.</param>
/// <param name="notifier">Told of what becomes of them; nobody where null.</param>
/// <param name="logger">Takes the log; nothing is logged where null.</param>
public sealed partial class DeadLetterDesk(
    IDeadLetters letters, TimeSpan patience, TimeProvider clock, INotifier? notifier = null,
    ILogger<DeadLetterDesk>? logger = null)
{
    /// <summary>How long a dead letter waits unless a setting says otherwise.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(10);

    private const int AtOnce = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>After that, one that could not even be rejected is tried again.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(1);

    /// <summary>Those that could not even be rejected, and when that was tried last; only the loop has it.</summary>
    private readonly Dictionary<DeadLetterId, long> _stuck = [];

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
        try
        {
            var answer = await letters.ReplayAsync(id, cancellationToken);
            notifier?.OrdersChanged(answer?.Order is { } order ? [order] : []);
            return answer;
        }
        catch (BadClaimException fault)
        {
            return new ReplayAnswer(null, fault.Message);
        }
    }

    /// <summary>A claim has become a dead letter: says so where operators look.</summary>
    public void Note(AdmittedBatch entry, BadClaimException fault)
    {
        if (logger is not null)
        {
            Log.ClaimBuried(logger, DeadLetterId.Of(entry.Claims[0]), patience, fault.Message);
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

    /// <summary>
    /// Gives up once what has waited for too long. One that cannot even be rejected keeps nobody else waiting.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Some are left.</exception>
    /// <exception cref="OutcomeUnknownException">Some are left.</exception>
    public async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - patience;
        var found = new HashSet<DeadLetterId>();
        DeadLetterId? last = null;
        while (await letters.OverdueAsync(before, last, AtOnce, cancellationToken) is { Count: > 0 } overdue)
        {
            found.UnionWith(overdue);
            foreach (var id in overdue.Where(IsDue))
            {
                await GiveUpAsync(id, cancellationToken);
            }

            last = overdue[^1];
        }

        foreach (var gone in _stuck.Keys.Where(id => !found.Contains(id)).ToArray())
        {
            _stuck.Remove(gone);
        }
    }

    private bool IsDue(DeadLetterId id) =>
        !_stuck.TryGetValue(id, out var triedAt) || clock.GetElapsedTime(triedAt) >= LongPause;

    private async Task GiveUpAsync(DeadLetterId id, CancellationToken cancellationToken)
    {
        try
        {
            if (await letters.RejectAsync(id, cancellationToken) is { } order)
            {
                notifier?.OrdersChanged([order]);
            }
        }
        catch (BadClaimException fault)
        {
            if (!_stuck.ContainsKey(id) && logger is not null)
            {
                Log.LetterStuck(logger, id, fault.Message);
            }

            _stuck[id] = clock.GetTimestamp();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ClaimBuried, LogLevel.Error,
            "An admitted claim cannot be written, and is dead letter {Letter}. Mend the cause and replay it, or it is "
            + "rejected after {Patience}. {Reason}")]
        public static partial void ClaimBuried(
            ILogger logger, DeadLetterId letter, TimeSpan patience, string reason);

        [LoggerMessage(
            EventIds.LetterStuck, LogLevel.Error,
            "Dead letter {Letter} waited for too long, and cannot be rejected either; its buyer is told that it is "
            + "queued. Mend the cause. {Reason}")]
        public static partial void LetterStuck(ILogger logger, DeadLetterId letter, string reason);
    }
}
