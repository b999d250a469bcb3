using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Storage;

/// <summary>
/// The disk under the store: what is written takes time, and goes wrong. It is no part of any node: a transaction that
/// is on its way when its node dies may still land, until the next process has the store's lock. Of a node that is
/// only held for dead it lands even then.
/// </summary>
/// <param name="agenda">The world's time.</param>
/// <param name="world">The realm that outlives nodes.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="draw">Draws how long things take.</param>
/// <param name="trace">Told of what went wrong.</param>
internal sealed class Disk(Agenda agenda, Realm world, Faults faults, Draw draw, Trace trace)
{
    private readonly List<Action> _undecided = [];
    private long _fullUntil;
    private long _awayUntil;
    private long _slowUntil;
    private int _lock;

    /// <summary>Told of each transaction that was written, before anything else is.</summary>
    public Action? Written { get; init; }

    /// <summary>Whether it is a server's, which may be away with all that it has.</summary>
    public bool MayBeAway { get; init; }

    /// <summary>Kills a node's process.</summary>
    public required Action<Realm, string> Kill { get; init; }

    /// <summary>
    /// Writes a transaction for a node: it happens at one moment, or not at all, and the node is told later, or never.
    /// </summary>
    public ValueTask<Written<T>> WriteAsync<T>(Realm node, string what, Func<T> transaction) =>
        WriteAsync(node, what, new Transaction<T>(() => transaction, IsWhole: true));

    /// <summary>The same for those who are told by an exception that it was not written, or may be.</summary>
    /// <param name="node">The node.</param>
    /// <param name="what">What is written, for the trace.</param>
    /// <param name="transaction">Writes it.</param>
    /// <param name="fault">What is thrown where it ends so; nothing where null.</param>
    public ValueTask<T> WriteAsync<T>(Realm node, string what, Func<T> transaction, Func<WriteEnd, Exception?> fault)
    {
        // Set and not thrown, as in RedisLink.
        var told = new TaskCompletionSource<T>();
        Begin(
            node, what, new Transaction<T>(() => transaction, IsWhole: true),
            written =>
            {
                if (fault(written.End) is { } failure)
                {
                    told.SetException(failure);
                }
                else
                {
                    told.SetResult(written.Value!);
                }
            },
            told.SetException);
        return new ValueTask<T>(told.Task);
    }

    /// <summary>
    /// The same for a transaction that reads before it knows what it will write: what it read still stands when it
    /// writes, and where it writes nothing it has no unknown end.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="what">What is written, for the trace.</param>
    /// <param name="read">Reads, and says what is to be written; null where that is nothing.</param>
    public ValueTask<Written<T>> ReadAndWriteAsync<T>(Realm node, string what, Func<Func<T>?> read) =>
        WriteAsync(node, what, new Transaction<T>(read, IsWhole: false));

    /// <summary>Somebody else writes: whatever nobody knew the end of has ended before that.</summary>
    public void Settle() => Decide();

    /// <summary>The next process has the lock: whatever those before it had on its way has ended.</summary>
    public void Lock()
    {
        Decide();
        _lock++;
    }

    /// <summary>Reads for a node, at the moment at which this completes.</summary>
    /// <exception cref="StoreUnavailableException">A fault struck.</exception>
    public ValueTask<T> ReadAsync<T>(Realm node, Func<T> read)
    {
        if (draw.Percent(30))
        {
            var reading = new Reading<T>(this, node, read);
            agenda.Set(reading, Latency());
            return new ValueTask<T>(reading.Done);
        }

        try
        {
            return FailsToRead() is { } fault ? ValueTask.FromException<T>(fault) : ValueTask.FromResult(read());
        }
        catch (Exception fault)
        {
            return ValueTask.FromException<T>(fault);
        }
    }

    private StoreUnavailableException? FailsToRead() => IsAway || faults.Strike(FaultKind.ReadFailed)
        ? new StoreUnavailableException("A read failed.")
        : null;

    private ValueTask<Written<T>> WriteAsync<T>(Realm node, string what, Transaction<T> transaction)
    {
        var told = new TaskCompletionSource<Written<T>>();
        Begin(node, what, transaction, told.SetResult, told.SetException);
        return new ValueTask<Written<T>>(told.Task);
    }

    private void Begin<T>(
        Realm node, string what, Transaction<T> transaction, Action<Written<T>> tell, Action<Exception> fail) =>
        agenda.Set(new Landing<T>(this, world, node, what, DrawFate(), transaction, tell, fail), Latency());

    private Fate DrawFate()
    {
        if (faults.Strike(FaultKind.DiskFull))
        {
            _fullUntil = agenda.Now + Milliseconds(faults.Next(FaultKind.DiskFull, 20, 700));
            trace.Add("disk", "is full");
        }

        if (faults.Strike(FaultKind.DiskSlow))
        {
            _slowUntil = agenda.Now + Milliseconds(faults.Next(FaultKind.DiskSlow, 50, 600));
            trace.Add("disk", "is slow");
        }

        if (MayBeAway && faults.Strike(FaultKind.StoreAway))
        {
            _awayUntil = agenda.Now + Milliseconds(faults.Next(FaultKind.StoreAway, 30, 1_500));
            trace.Add("disk", "is away");
        }

        return IsAway || (!faults.IsOver && agenda.Now < _fullUntil) ? Fate.Aborted
            : faults.Strike(FaultKind.CommitAborted) ? Fate.Aborted
            : faults.Strike(FaultKind.CommitUnknownAndDone) ? Fate.UnknownAndDone
            : faults.Strike(FaultKind.CommitUnknownAndLost) ? Fate.UnknownAndLost
            : faults.Strike(FaultKind.CommitUnknownAndLate) ? Fate.UnknownAndLate
            : faults.Strike(FaultKind.DiedBeforeCommit) ? Fate.DiedBefore
            : faults.Strike(FaultKind.DiedAfterCommit) ? Fate.DiedAfter
            : Fate.Done;
    }

    private bool IsAway => !faults.IsOver && agenda.Now < _awayUntil;

    private long Latency() => !faults.IsOver && agenda.Now < _slowUntil
        ? Milliseconds(draw.Next(20, 250))
        : draw.Next(200, 30_000);

    /// <summary>Whatever nobody knew the end of has ended before anything else is written.</summary>
    private void Decide()
    {
        foreach (var undecided in _undecided)
        {
            undecided();
        }

        _undecided.Clear();
    }

    private static long Milliseconds(int count) => count * TimeSpan.TicksPerMillisecond;

    private enum Fate
    {
        Done,
        Aborted,
        UnknownAndDone,
        UnknownAndLost,
        UnknownAndLate,
        DiedBefore,
        DiedAfter,
    }

    /// <summary>A read that takes a while.</summary>
    private sealed class Reading<T>(Disk disk, Realm node, Func<T> read) : Alarm(node)
    {
        private readonly TaskCompletionSource<T> _done = new();

        public Task<T> Done => _done.Task;

        public override void Ring()
        {
            if (disk.FailsToRead() is { } failure)
            {
                _done.SetException(failure);
                return;
            }

            T found;
            try
            {
                found = read();
            }
            catch (Exception fault)
            {
                _done.SetException(fault);
                return;
            }

            _done.SetResult(found);
        }
    }

    /// <summary>A transaction on its way to the disk, and word of its end on the way back.</summary>
    private sealed class Landing<T>(
        Disk disk, Realm world, Realm node, string what, Fate fate, Transaction<T> transaction,
        Action<Written<T>> tell, Action<Exception> fail) : Alarm(world)
    {
        private static readonly SendOrPostCallback HearIt = static state => ((Landing<T>)state!).Hear();

        private readonly int _lock = disk._lock;
        private Written<T> _written;
        private Exception? _fault;

        public override void Ring()
        {
            if (_lock != disk._lock && node.IsOver)
            {
                return;
            }

            disk.Decide();
            try
            {
                Land();
            }
            catch (Exception fault)
            {
                _fault = fault;
                node.Post(HearIt, this);
            }
        }

        private void Land()
        {
            if (fate == Fate.Aborted)
            {
                disk.Tell("does not take", what, ", and says so");
                if (!transaction.IsWhole && disk.Toss())
                {
                    // It is taken back after it has read.
                    transaction.Read();
                }

                Told(WriteEnd.Failed);
            }
            else if (fate != Fate.DiedBefore || disk.IsSound)
            {
                End(transaction.Read());
            }
            else if (!node.IsOver)
            {
                disk.Kill(node, $"as {what} reaches the disk, before it is written");
            }
        }

        private void End(Func<T>? write)
        {
            switch (write is null || (fate == Fate.DiedAfter && disk.IsSound) ? Fate.Done : fate)
            {
                case Fate.UnknownAndDone:
                    disk.Tell("takes", what, ", and cannot say so");
                    Write(write!);
                    Told(WriteEnd.Unknown);
                    break;
                case Fate.UnknownAndLost:
                    disk.Tell("loses", what, ", and cannot say so");
                    Told(WriteEnd.Unknown);
                    break;
                case Fate.UnknownAndLate:
                    disk.Tell("cannot say yet what becomes of", what);
                    disk._undecided.Add(() => DecideLate(write!));
                    Told(WriteEnd.Unknown);
                    break;
                case Fate.DiedAfter:
                    Write(write!);
                    if (!node.IsOver)
                    {
                        disk.Kill(node, $"right after {what} was written");
                    }

                    break;
                default:
                    Told(WriteEnd.Done, write is null ? default : Write(write));
                    break;
            }
        }

        private void Told(WriteEnd end, T? value = default)
        {
            _written = new Written<T>(end, value);
            node.Post(HearIt, this);
        }

        /// <summary>The node hears of it, at once or a while later.</summary>
        private void Hear()
        {
            if (_fault is not null)
            {
                fail(_fault);
            }
            else if (disk.Toss())
            {
                disk.WordTo(node, () => tell(_written));
            }
            else
            {
                tell(_written);
            }
        }

        private void DecideLate(Func<T> write)
        {
            if (disk.Toss())
            {
                disk.Tell("has taken", what, " after all");
                Write(write);
            }
        }

        private T Write(Func<T> write)
        {
            var value = write();
            disk.Written?.Invoke();
            return value;
        }
    }

    /// <summary>What is written at one moment, after a look that still holds then.</summary>
    private sealed record Transaction<T>(Func<Func<T>?> Read, bool IsWhole);

    /// <summary>Whether nobody dies any more, though a death was drawn for what is still on its way.</summary>
    private bool IsSound => faults.IsOver;

    private bool Toss() => draw.Percent(50);

    private void WordTo(Realm node, Action tell) => agenda.Set(new Word(node, tell), Latency());

    private void Tell(string what, string transaction, string end = "")
    {
        if (trace.IsOn)
        {
            trace.Add("disk", $"{what} {transaction}{end}");
        }
    }
}

/// <summary>How a write ended, as far as whoever asked for it is told.</summary>
internal enum WriteEnd
{
    /// <summary>It stands.</summary>
    Done,

    /// <summary>Nothing was written, for certain.</summary>
    Failed,

    /// <summary>It may stand or not.</summary>
    Unknown,
}

/// <summary>What is told of a write.</summary>
internal readonly record struct Written<T>(WriteEnd End, T? Value = default);
