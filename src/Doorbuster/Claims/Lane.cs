using System.Diagnostics;
using System.Threading.Channels;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Claims;

/// <summary>
/// A bounded queue of claims, drained in batches at the gate's own pace: one caller alone waits for nobody, a crowd
/// shares the cost of a commit. A full lane says so at once.
/// </summary>
/// <remarks>
/// Invariant: all claims of a sale go through the same lane, and batches are given to the gate in their order of
/// arrival. Where gate and store commit together, one batch at a time is at the gate. A gate that queues what it admits
/// may have several: it decides them in the order in which they reach it, and keeps nothing that somebody would have to
/// ask about. The lane alone tells a sale's mark what it learned, before it answers. Tests: <c>LaneTests</c>,
/// <c>BatchesInFlightTests</c>, <c>LaneDeterminismTests</c>.
/// </remarks>
/// <param name="gate">Decides the batches.</param>
/// <param name="limits">The lane's capacity and the largest batch.</param>
/// <param name="clock">The time after which the gate is asked again what became of a commit.</param>
/// <param name="instruments">Measure claims and batches; nothing is measured where null.</param>
/// <param name="logger">Told of batches; nobody where null.</param>
/// <param name="batchesInFlight">Batches at the gate at once; several only at one that queues what it admits.</param>
public sealed partial class Lane(
    IGate gate, Limits limits, TimeProvider clock, Instruments? instruments = null, ILogger? logger = null,
    int batchesInFlight = 1)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<PendingClaim> _queue = Channel.CreateBounded<PendingClaim>(
        new BoundedChannelOptions(limits.LaneCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Flight[] _flights =
        [.. Enumerable.Range(0, batchesInFlight).Select(_ => new Flight(limits.BatchSize))];

    /// <summary>Those that have not been on their way, or had nobody to take.</summary>
    private readonly Queue<Flight> _free = [];

    /// <summary>Those that are back from the gate, where there are several.</summary>
    private readonly Channel<Flight> _landed = Channel.CreateBounded<Flight>(batchesInFlight);

    private readonly Lock _lock = new();
    private readonly UnderWay _underWay = new(limits.LaneCapacity);
    private bool _hasGivenUp;

    /// <summary>Sales of which a question is under way, and the claim that it will be about.</summary>
    private readonly Dictionary<Listing, Claim> _asking = [];

    /// <summary>Claims that wait now.</summary>
    public int Depth => _queue.Reader.Count;

    /// <summary>
    /// Gives a claim a place and waits for its answer; <see cref="Outcome.Busy"/> at once where the lane is full or has
    /// stopped. Once it has a place, a caller that hangs up cancels nothing.
    /// </summary>
    public ValueTask<ClaimAnswer> ClaimAsync(Listing listing, in Claim claim)
    {
        var pending = Spans.IsHeard || instruments?.Claims.MeasuresWait == true
            ? new MeasuredClaim(listing, claim, clock.GetTimestamp(), Activity.Current?.Context ?? default)
            : new PendingClaim(listing, claim);
        _underWay.Enter(claim.Order.Key);
        return _queue.Writer.TryWrite(pending) ? pending.Answered : RefuseAtOnce(listing, claim);
    }

    /// <summary>
    /// Whether a claim may have a place here whose order begins so, and may still be admitted: its retry must not
    /// overtake it.
    /// </summary>
    public bool MayHave(OrderHead order) => _underWay.MayHave(order.High);

    /// <summary>Takes no more claims; <see cref="RunAsync"/> ends once those that wait are decided.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>
    /// Tells everyone who waits that nobody will wait any longer: who is at the gate, that the outcome is not known,
    /// and who is not, that nothing was done. It may be called while the gate hangs; should that wake up, nobody is
    /// told twice.
    /// </summary>
    public void GiveUp()
    {
        Complete();
        List<PendingClaim> atGate, waiting = [];
        lock (_lock)
        {
            _hasGivenUp = true;
            atGate = [.. _flights.SelectMany(flight => flight.Claims)];
            while (_queue.Reader.TryRead(out var pending))
            {
                waiting.Add(pending);
            }
        }

        atGate.ForEach(pending => pending.Answer(ClaimAnswer.Unknown));
        waiting.ForEach(pending => pending.Answer(ClaimAnswer.Busy));
    }

    /// <summary>
    /// Drains the lane until it is completed and empty, or cancelled. The last callers may be told a moment later.
    /// </summary>
    /// <param name="cancellationToken">Stops at once; claims that wait are answered <see cref="Outcome.Busy"/>.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(_flights, _free.Enqueue);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellationToken))
            {
                // Work that is ready goes first: answers of the last batch, and claims that are about to arrive.
                // Without this, claims a second fell from 0.67 to 0.51 of an endpoint that does nothing.
                await Task.Yield();
                if (_flights is not [var flight])
                {
                    await LaunchAsync(cancellationToken);
                }
                else if (Drain(flight))
                {
                    await DecideAsync(flight, cancellationToken);
                }
            }

            await Task.WhenAll(_flights.Select(flight => flight.Deciding));
        }
        finally
        {
            Complete();
            RefuseTheRest();
        }
    }

    /// <summary>Sends the next batch on its way, and waits only where as many as may be are at the gate.</summary>
    private async ValueTask LaunchAsync(CancellationToken cancellationToken)
    {
        if (!_free.TryDequeue(out var flight))
        {
            flight = await _landed.Reader.ReadAsync(cancellationToken);
        }

        // What has ended by a fault stops the lane.
        await flight.Deciding;
        if (Drain(flight))
        {
            flight.Deciding = FlyAsync(flight, cancellationToken);
        }
        else
        {
            _free.Enqueue(flight);
        }
    }

    private async Task FlyAsync(Flight flight, CancellationToken cancellationToken)
    {
        try
        {
            await DecideAsync(flight, cancellationToken);
        }
        finally
        {
            _landed.Writer.TryWrite(flight);
        }
    }

    private ValueTask<ClaimAnswer> RefuseAtOnce(Listing listing, in Claim claim)
    {
        _underWay.Leave(claim.Order.Key);
        listing.Claims.Count(Outcome.Busy);
        instruments?.Claims.Count(Outcome.Busy);
        return ValueTask.FromResult(ClaimAnswer.Busy);
    }

    /// <summary>Takes what waits; false where nothing does.</summary>
    private bool Drain(Flight flight)
    {
        lock (_lock)
        {
            flight.Claims.Clear();
            while (flight.Claims.Count < limits.BatchSize && _queue.Reader.TryRead(out var pending))
            {
                flight.Claims.Add(pending);
            }
        }

        instruments?.Claims.Begin(flight.Claims, clock);
        return flight.Claims.Count > 0;
    }

    private async ValueTask DecideAsync(Flight flight, CancellationToken cancellationToken)
    {
        var claims = flight.Claims;
        try
        {
            // It ends before anyone is answered, so that nobody goes on within it.
            using var span = Spans.OfClaims(claims, clock);
            await gate.ClaimAsync(flight.Sorter.Sort(claims), cancellationToken);
            flight.Sorter.Learn();
        }
        catch
        {
            // The lane stops. Nobody may wait for it for ever, and what the gate did is not known here.
            claims.ForEach(pending => pending.Decided = ClaimAnswer.Unknown);
            Complete();
            AnswerAll(claims);
            throw;
        }

        for (var i = 0; i < claims.Count; i++)
        {
            claims[i].Decided = flight.Sorter.AnswerOf(i);
            if (claims[i].Decided.Outcome is null && gate is not IRemoteGate)
            {
                AskAgainLater(claims[i]);
            }
        }

        AnswerAll(claims);
    }

    private void AnswerAll(List<PendingClaim> claims)
    {
        lock (_lock)
        {
            if (_hasGivenUp)
            {
                return;
            }

            Tally(claims);
            instruments?.Claims.Count(claims);
            if (logger?.IsEnabled(LogLevel.Debug) == true)
            {
                Summarise(logger, claims);
            }

            LeaveAll(claims);
            Answers.Give(claims);
            claims.Clear();
        }
    }

    /// <summary>What the engine asks for itself is nobody's claim.</summary>
    private static void Tally(List<PendingClaim> claims)
    {
        foreach (var pending in claims)
        {
            if (pending is not Question && pending.Claim.Revival is null)
            {
                pending.Listing.Claims.Count(pending.Decided.Outcome);
            }
        }
    }

    /// <summary>By now the mark knows what was admitted. A question of the lane's own never came in.</summary>
    private void LeaveAll(List<PendingClaim> claims)
    {
        foreach (var pending in claims)
        {
            if (pending is not Question)
            {
                _underWay.Leave(pending.Claim.Order.Key);
            }
        }
    }

    private static void Summarise(ILogger log, List<PendingClaim> claims)
    {
        var admitted = claims.Count(pending => pending.Decided.Outcome == Outcome.Admitted);
        var unknown = claims.Count(pending => pending.Decided.Outcome is null);
        Log.BatchDecided(log, claims.Count, admitted, claims.Count - admitted - unknown, unknown);
    }

    /// <summary>
    /// Sees to it that a commit of unknown outcome is read back though nobody claims again: the gate would otherwise
    /// keep the sale shut, and differ from the store. One claim of a sale is enough, however many are told so, but it
    /// is the last: what the first was about may be settled when the question is asked, and another commit not.
    /// </summary>
    private void AskAgainLater(PendingClaim claim)
    {
        // Late money asks again by itself only while the store does not have its order as paid, so it is asked for too.
        if (WillAsk(claim.Listing, claim.Claim with { IsReplay = true, Revival = null }))
        {
            _ = AskAgainAsync(claim.Listing);
        }
    }

    private async Task AskAgainAsync(Listing listing)
    {
        Claim claim;
        bool isAsked;
        do
        {
            await Task.Delay(Pause, clock);

            // Forgotten first: what the question is answered may ask for the next one.
            claim = Forget(listing);
            isAsked = _queue.Writer.TryWrite(new Question(listing, claim));
        }
        while (!isAsked && !_queue.Reader.Completion.IsCompleted && WillAsk(listing, claim));
    }

    /// <summary>Remembers what to ask about.</summary>
    /// <returns>Whether nobody asks yet.</returns>
    private bool WillAsk(Listing listing, in Claim claim)
    {
        lock (_asking)
        {
            var isFirst = !_asking.ContainsKey(listing);
            _asking[listing] = claim;
            return isFirst;
        }
    }

    private Claim Forget(Listing listing)
    {
        lock (_asking)
        {
            _asking.Remove(listing, out var claim);
            return claim;
        }
    }

    private void RefuseTheRest()
    {
        var rest = new List<PendingClaim>();
        lock (_lock)
        {
            while (!_hasGivenUp && _queue.Reader.TryRead(out var pending))
            {
                pending.Decided = ClaimAnswer.Busy;
                rest.Add(pending);
            }
        }

        AnswerAll(rest);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.BatchDecided, LogLevel.Debug,
            "A batch of {Claims} claims: {Admitted} admitted, {Others} told otherwise, {Unknown} not known.")]
        public static partial void BatchDecided(ILogger logger, int claims, int admitted, int others, int unknown);
    }
}
