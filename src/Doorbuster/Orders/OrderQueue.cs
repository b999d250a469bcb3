using System.Threading.Channels;
using Doorbuster.Fulfilment;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Orders;

/// <summary>
/// Where commands wait to be written together: one transaction for all that came while the last was under way. What a
/// batch has ended goes back to the gate, and everyone who listens is told, before the callers are.
/// </summary>
/// <remarks>
/// Invariant: one batch is under way at a time, and commands are written in the order in which they came. Units go back
/// in the store before the gate, by order id: should the process die between the two, the next start finds them free.
/// Where nobody knows whether a batch stands, it is written again until somebody does, before anything else is: units
/// that it gave back would otherwise never come to the gate. Tests: <c>LifeDeterminismTests</c>.
/// </remarks>
/// <param name="store">Writes them.</param>
/// <param name="aftermath">Tells gate and listeners.</param>
/// <param name="limits">How many may wait, and how many are written at once.</param>
/// <param name="clock">The time of the transactions.</param>
/// <param name="instruments">Measure transactions and count what they did; nothing is measured where null.</param>
/// <param name="logger">Told of batches; nobody where null.</param>
public sealed partial class OrderQueue(
    IOrderStore store, IAftermath aftermath, Limits limits, TimeProvider clock, Instruments? instruments = null,
    ILogger? logger = null)
{
    /// <summary>The time between two tries to find out what became of a batch.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<PendingCommand> _queue = Channel.CreateBounded<PendingCommand>(
        new BoundedChannelOptions(limits.OrderQueueCapacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });

    /// <summary>What is being written, or was last.</summary>
    private PendingCommand[] _writing = [];

    /// <summary>Told of each command that the store refuses for good, which is a fault of ours.</summary>
    public event Action<OrderCommand, Exception>? Refused;

    /// <summary>Commands that wait now.</summary>
    public int Depth => _queue.Reader.Count;

    /// <summary>Gives a command a place and waits for its answer. A caller that gives up cancels nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: the same command again tells.</exception>
    public Task<OrderAnswer> DoAsync(OrderCommand command)
    {
        var pending = new PendingCommand(command);
        if (!_queue.Writer.TryWrite(pending))
        {
            pending.Fail(new StoreUnavailableException("Too many changes of orders wait to be written."));
        }

        return pending.Answered;
    }

    /// <summary>Takes no more commands; <see cref="RunAsync"/> ends once those that wait are written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>
    /// Tells everyone who waits that nobody will wait any longer: of what is being written the outcome is not known,
    /// and of the rest nothing was done. It may be called while the store hangs.
    /// </summary>
    public void GiveUp()
    {
        Complete();
        Array.ForEach(
            Volatile.Read(ref _writing),
            pending => pending.Fail(new OutcomeUnknownException("The order store did not answer in time.")));
        RefuseTheRest();
    }

    /// <summary>Writes commands until the queue is completed and empty, or cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<PendingCommand>(limits.OrderBatchSize);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellationToken))
            {
                // Work that is ready goes first, so that what is about to come shares the transaction.
                await Task.Yield();
                while (batch.Count < limits.OrderBatchSize && _queue.Reader.TryRead(out var pending))
                {
                    batch.Add(pending);
                }

                Volatile.Write(ref _writing, [.. batch]);
                await WriteAsync(_writing, cancellationToken);
                batch.Clear();
            }
        }
        finally
        {
            Complete();
            RefuseTheRest();
        }
    }

    private async Task WriteAsync(PendingCommand[] batch, CancellationToken cancellationToken)
    {
        var commands = Array.ConvertAll(batch, pending => pending.Command);
        try
        {
            _ = AnswerAsync(batch, await TraceAsync(batch, commands, cancellationToken));
        }
        catch (BadCommandException) when (batch.Length > 1)
        {
            // Halved until the bad one is alone (F09); the rest are written, in the order in which they came.
            await WriteAsync(batch[..(batch.Length / 2)], cancellationToken);
            await WriteAsync(batch[(batch.Length / 2)..], cancellationToken);
        }
        catch (BadCommandException fault)
        {
            Refused?.Invoke(commands[0], fault);
            _ = FailAsync(batch, fault);
        }
        catch (StoreUnavailableException fault)
        {
            _ = FailAsync(batch, fault);
        }
        catch (OutcomeUnknownException fault)
        {
            _ = FailAsync(batch, fault);
            await FindOutAsync(commands, cancellationToken);
        }
        catch (Exception fault)
        {
            // The queue stops. Nobody may wait for it for ever, and what was written is not known here.
            _ = FailAsync(batch, new OutcomeUnknownException("The queue of orders stopped.", fault));
            throw;
        }
    }

    private async Task<IReadOnlyList<OrderAnswer>> TraceAsync(
        PendingCommand[] batch, OrderCommand[] commands, CancellationToken cancellationToken)
    {
        using var span = Spans.OfOrders(batch, clock);
        return await ApplyAsync(commands, cancellationToken);
    }

    private async Task<IReadOnlyList<OrderAnswer>> ApplyAsync(
        OrderCommand[] commands, CancellationToken cancellationToken)
    {
        var answers = await CommitAsync(commands, cancellationToken);
        await aftermath.FollowAsync(answers, cancellationToken);
        instruments?.Orders.Count(commands, answers, clock.GetUtcNow());
        if (logger?.IsEnabled(LogLevel.Debug) == true)
        {
            var done = answers.Count(answer => answer.Outcome == CommandOutcome.Done);
            Log.OrdersChanged(logger, commands.Length, done);
        }

        return answers;
    }

    private async ValueTask<IReadOnlyList<OrderAnswer>> CommitAsync(
        OrderCommand[] commands, CancellationToken cancellationToken)
    {
        using var span = Spans.OfCommit(CommitKind.Orders, clock);
        var began = clock.GetTimestamp();
        var status = CommitStatus.Unknown;
        try
        {
            var answers = await store.ApplyAsync(commands, clock.GetUtcNow(), cancellationToken);
            status = CommitStatus.Committed;
            return answers;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or BadCommandException)
        {
            status = CommitStatus.Failed;
            throw;
        }
        finally
        {
            instruments?.Commits.Record(CommitKind.Orders, status, clock.GetElapsedTime(began));
            span.End(status);
        }
    }

    /// <summary>Gives commands of unknown outcome again until it is known; who comes meanwhile is sent away.</summary>
    private async Task FindOutAsync(OrderCommand[] commands, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ApplyAsync(commands, cancellationToken);
                return;
            }
            catch (BadCommandException fault)
            {
                // With it among them they cannot have been written; their callers know no more, and may ask again.
                Refused?.Invoke(commands[0], fault);
                return;
            }
            catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
            {
                RefuseTheRest();
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private void RefuseTheRest()
    {
        while (_queue.Reader.TryRead(out var pending))
        {
            pending.Fail(new StoreUnavailableException("Changes of orders cannot be written now."));
        }
    }

    private static async Task AnswerAsync(PendingCommand[] batch, IReadOnlyList<OrderAnswer> answers)
    {
        await Task.Yield();
        for (var i = 0; i < batch.Length; i++)
        {
            batch[i].Answer(answers[i]);
        }
    }

    private static async Task FailAsync(PendingCommand[] batch, Exception fault)
    {
        await Task.Yield();
        Array.ForEach(batch, pending => pending.Fail(fault));
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.OrdersChanged, LogLevel.Debug,
            "A batch of {Commands} changes of orders was written; {Done} of them changed something.")]
        public static partial void OrdersChanged(ILogger logger, int commands, int done);
    }
}
