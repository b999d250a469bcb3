using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Doorbuster.Cli.Load;

/// <summary>
/// When each claim is to be sent. With a rate the crowd is an open loop: claim n is due n/rate seconds after the start,
/// decided in advance, and a slow server does not slow the arrivals down. A claim that is due while every connection is
/// busy waits for one, and that wait is part of its latency, as it would be of a buyer's.
/// </summary>
/// <remarks>
/// Without a rate all claims are due as soon as they can be sent: a claim's due time is the moment a connection became
/// free for it. That measures the server's highest rate; its latencies are those of a closed loop, and say nothing
/// about a crowd that does not wait for its turn.
/// <para>
/// Claims are let go by a thread that wakes every millisecond, so up to a millisecond of a latency is the crowd's own
/// lateness: it counts against the server, never for it.
/// </para>
/// <para>
/// Each release of <c>_due</c> entitles one taker to one attempt: a returned one first, else the next claim. When the
/// last claim is done every taker is released once more, finds neither, and ends.
/// </para>
/// </remarks>
internal sealed class Arrivals(int claims, double? ratePerSecond, int takers) : IDisposable
{
    private readonly SemaphoreSlim _due = new(0);
    private readonly ConcurrentQueue<Attempt> _returned = new();
    private readonly double _ticksPerClaim = ratePerSecond is { } rate ? Stopwatch.Frequency / rate : 0;
    private int _next;
    private int _ended;
    private long _startedAt;

    /// <summary>Lets the first claim go, and from then on each at its time.</summary>
    /// <param name="startAt">The intended time of the first claim, a timestamp that may have passed.</param>
    /// <param name="cancellationToken">Ends the arrivals.</param>
    public void Start(long startAt, CancellationToken cancellationToken)
    {
        _startedAt = startAt;
        if (ratePerSecond is null)
        {
            _due.Release(claims);
            return;
        }

        // A thread of its own: the pool's threads are busy with the very answers that it must not wait for.
        new Thread(() => LetGo(cancellationToken)) { IsBackground = true, Name = "arrivals" }.Start();
    }

    /// <summary>The next attempt that is due; nothing once every claim is done.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Attempt?> TakeAsync(CancellationToken cancellationToken)
    {
        await _due.WaitAsync(cancellationToken);
        if (_returned.TryDequeue(out var returned))
        {
            return returned;
        }

        var claim = Interlocked.Increment(ref _next) - 1;
        return claim < claims ? new Attempt(claim, 1, DueAt(claim)) : null;
    }

    /// <summary>Takes an attempt back, to be due again after a while.</summary>
    public void Return(Attempt attempt, TimeSpan after, CancellationToken cancellationToken) =>
        _ = ReturnAsync(attempt, after, cancellationToken);

    /// <summary>Notes that a claim has its final answer, or will not get one.</summary>
    public void Done()
    {
        if (Interlocked.Increment(ref _ended) == claims)
        {
            _due.Release(takers);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _due.Dispose();

    private async Task ReturnAsync(Attempt attempt, TimeSpan after, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(after, cancellationToken);
            _returned.Enqueue(attempt);
            _due.Release();
        }
        catch (OperationCanceledException)
        {
            // The crowd goes home; nobody waits for this attempt.
        }
    }

    private void LetGo(CancellationToken cancellationToken)
    {
        var released = 0;
        while (released < claims && !cancellationToken.IsCancellationRequested)
        {
            var due = DueBy(Stopwatch.GetTimestamp());
            if (due > released)
            {
                _due.Release(due - released);
                released = due;
            }

            Thread.Sleep(1);
        }
    }

    private int DueBy(long now) =>
        now < _startedAt ? 0 : (int)Math.Min(claims, ((now - _startedAt) / _ticksPerClaim) + 1);

    private long DueAt(int claim) =>
        ratePerSecond is null ? Stopwatch.GetTimestamp() : _startedAt + (long)(claim * _ticksPerClaim);
}
