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
/// Invariant: one batch at a time is at the gate, and all claims of a sale go through the same lane, so a sale's claims
/// are decided in their order of arrival. The lane alone tells a sale's mark what it learned, before it answers.
/// Tests: <c>LaneTests</c>, <c>LaneDeterminismTests</c>.
/// </remarks>
/// <param name="gate">Decides the batches.</param>
/// <param name="limits">The lane's capacity and the largest batch.</param>
/// <param name="clock">The time after which the gate is asked again what became of a commit.</param>
/// <param name="instruments">Measure claims and batches; nothing is measured where null.</param>
/// <param name="logger">Told of batches; nobody where null.</param>
public sealed partial class Lane(
    IGate gate, Limits limits, TimeProvider clock, Instruments? instruments = null, ILogger? logger = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<PendingClaim> _queue = Channel.CreateBounded<PendingClaim>(
        new BoundedChannelOptions(limits.LaneCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>What was taken from the queue and is not answered; whoever takes it from here answers it.</summary>
    private readonly List<PendingClaim> _drained = new(limits.BatchSize);

    private readonly UnderWay _underWay = new(limits.LaneCapacity);
    private bool _hasGivenUp;
    private readonly BatchSorter _sorter = new();

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
        return _queue.Writer.TryWrite(pending) ? pending.Answered : RefuseAtOnce(claim);
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
        lock (_drained)
        {
            _hasGivenUp = true;
            atGate = [.. _drained];
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
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancellationToken))
            {
                // Work that is ready goes first: answers of the last batch, and claims that are about to arrive.
                // Without this, claims a second fell from 0.67 to 0.51 of an endpoint that does nothing.
                await Task.Yield();
                Drain();
                if (_drained.Count > 0)
                {
                    await DecideAsync(cancellationToken);
                }
            }
        }
        finally
        {
            Complete();
            RefuseTheRest();
        }
    }

    private ValueTask<ClaimAnswer> RefuseAtOnce(in Claim claim)
    {
        _underWay.Leave(claim.Order.Key);
        instruments?.Claims.Count(Outcome.Busy);
        return ValueTask.FromResult(ClaimAnswer.Busy);
    }

    private void Drain()
    {
        lock (_drained)
        {
            _drained.Clear();
            while (_drained.Count < limits.BatchSize && _queue.Reader.TryRead(out var pending))
            {
                _drained.Add(pending);
            }
        }

        instruments?.Claims.Begin(_drained, clock);
    }

    private async ValueTask DecideAsync(CancellationToken cancellationToken)
    {
        try
        {
            // It ends before anyone is answered, so that nobody goes on within it.
            using var span = Spans.OfClaims(_drained, clock);
            await gate.ClaimAsync(_sorter.Sort(_drained), cancellationToken);
            _sorter.Learn();
        }
        catch
        {
            // The lane stops. Nobody may wait for it for ever, and what the gate did is not known here.
            _drained.ForEach(pending => pending.Decided = ClaimAnswer.Unknown);
            AnswerAll();
            throw;
        }

        for (var i = 0; i < _drained.Count; i++)
        {
            _drained[i].Decided = _sorter.AnswerOf(i);
            if (_drained[i].Decided.Outcome is null)
            {
                AskAgainLater(_drained[i]);
            }
        }

        AnswerAll();
    }

    private void AnswerAll()
    {
        lock (_drained)
        {
            if (_hasGivenUp)
            {
                return;
            }

            instruments?.Claims.Count(_drained);
            if (logger?.IsEnabled(LogLevel.Debug) == true)
            {
                Summarise(logger);
            }

            LeaveAll();
            Answers.Give(_drained);
            _drained.Clear();
        }
    }

    /// <summary>By now the mark knows what was admitted. A question of the lane's own never came in.</summary>
    private void LeaveAll()
    {
        foreach (var pending in _drained)
        {
            if (pending is not Question)
            {
                _underWay.Leave(pending.Claim.Order.Key);
            }
        }
    }

    private void Summarise(ILogger log)
    {
        var admitted = _drained.Count(pending => pending.Decided.Outcome == Outcome.Admitted);
        var unknown = _drained.Count(pending => pending.Decided.Outcome is null);
        Log.BatchDecided(log, _drained.Count, admitted, _drained.Count - admitted - unknown, unknown);
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
        lock (_drained)
        {
            _drained.Clear();
            while (_queue.Reader.TryRead(out var pending))
            {
                pending.Decided = ClaimAnswer.Busy;
                _drained.Add(pending);
            }
        }

        AnswerAll();
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.BatchDecided, LogLevel.Debug,
            "A batch of {Claims} claims: {Admitted} admitted, {Others} told otherwise, {Unknown} not known.")]
        public static partial void BatchDecided(ILogger logger, int claims, int admitted, int others, int unknown);
    }
}
